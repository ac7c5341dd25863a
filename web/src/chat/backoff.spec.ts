import { expect, test } from 'vitest';
import { DEFAULT_BACKOFF, fullJitterMs } from './backoff';

test.each([
  { attempt: 0, boundMs: 500 },
  { attempt: 1, boundMs: 1_000 },
  { attempt: 5, boundMs: 16_000 },
  { attempt: 6, boundMs: 20_000 },
  { attempt: 5_000, boundMs: 20_000 },
])('the wait before attempt $attempt is anything from 0 to $boundMs ms', ({ attempt, boundMs }) => {
  expect(fullJitterMs(attempt, 0, DEFAULT_BACKOFF)).toBe(0);
  expect(fullJitterMs(attempt, 0.5, DEFAULT_BACKOFF)).toBe(boundMs / 2);
  expect(fullJitterMs(attempt, 1 - Number.EPSILON, DEFAULT_BACKOFF)).toBe(boundMs);
});

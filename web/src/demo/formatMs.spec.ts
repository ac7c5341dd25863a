import { expect, test } from 'vitest';
import { formatMs } from './formatMs';

test.each([
  [0, '0.0\u00a0ms'],
  [4.26, '4.3\u00a0ms'],
  [10, '10\u00a0ms'],
  [999, '999\u00a0ms'],
  [1_000, '1.0\u00a0s'],
  [13_671, '13.7\u00a0s'],
])('%f ms is %s', (ms, text) => expect(formatMs(ms)).toBe(text));

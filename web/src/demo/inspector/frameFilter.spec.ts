import { expect, test } from 'vitest';
import { frameOf } from '../wire/testing/frameOf';
import { passes } from './frameFilter';

const frame = frameOf({
  data: '{"content":"Good morning","sequence":3}',
  stream: { source: 'Bob', method: 'json' },
});

test.each([
  [{}, true],
  [{ transport: 'websocket', direction: 'up' }, true],
  [{ transport: 'grpc-web' }, false],
  [{ direction: 'down' }, false],
  [{ text: 'MORNING' }, true],
  [{ text: ' message #3 ' }, true],
  [{ text: 'bob' }, true],
  [{ text: 'evening' }, false],
  [{ transport: 'grpc-web', text: 'morning' }, false],
] as const)('%j: %s', (filter, expected) => {
  expect(passes(frame, filter)).toBe(expected);
});

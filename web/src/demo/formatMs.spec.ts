import { expect, test } from 'vitest';
import { formatMs } from './formatMs';

test.each([
  [0, '0.0 ms'],
  [4.26, '4.3 ms'],
  [10, '10 ms'],
  [999, '999 ms'],
  [1_000, '1.0 s'],
  [13_671, '13.7 s'],
])('%f ms is %s', (ms, text) => expect(formatMs(ms)).toBe(text));

import { expect, test } from 'vitest';
import { hexRows, hexText } from './hexDump';

test('rows are as long as asked for, the last one shorter', () => {
  expect(hexRows(Uint8Array.from([0x41, 0x0a, 0xff]), 2)).toEqual([
    { offset: '0000', bytes: ['41', '0a'], text: ['A', '·'] },
    { offset: '0002', bytes: ['ff'], text: ['·'] },
  ]);
});

test('nothing has no row', () => {
  expect(hexRows(new Uint8Array())).toEqual([]);
});

test('the copy is laid out like the dump', () => {
  const bytes = new TextEncoder().encode('0123456789abcdefg');
  expect(hexText(bytes)).toBe(
    '0000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef\n' +
      '0010  67                                               g',
  );
});

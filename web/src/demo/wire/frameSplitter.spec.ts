import { expect, test } from 'vitest';
import { KEPT_BYTES } from './frame';
import { FrameSplitter } from './frameSplitter';

const MESSAGE = [0, 0, 0, 0, 2, 7, 8];
const EMPTY = [0, 0, 0, 0, 0];
const TRAILERS = [0x80, 0, 0, 0, 1, 9];

const split = (chunks: number[][]) => {
  const splitter = new FrameSplitter();
  return chunks.flatMap((chunk) => splitter.push(Uint8Array.from(chunk)).map(({ bytes }) => [...bytes]));
};

test.each([
  ['each in a chunk of its own', [MESSAGE, EMPTY, TRAILERS]],
  ['all in one chunk', [[...MESSAGE, ...EMPTY, ...TRAILERS]]],
  ['byte by byte', [...MESSAGE, ...EMPTY, ...TRAILERS].map((byte) => [byte])],
  [
    'cut inside a prefix',
    [
      [...MESSAGE, 0, 0],
      [0, 0, 0, 0x80, 0],
      [0, 0, 1, 9],
    ],
  ],
])('frames are found, %s', (_, chunks) => {
  expect(split(chunks)).toEqual([MESSAGE, EMPTY, TRAILERS]);
});

test('a frame that has not ended is not given out', () => {
  expect(split([MESSAGE.slice(0, -1)])).toEqual([]);
});

test.each([KEPT_BYTES - 1, KEPT_BYTES, KEPT_BYTES + 1])(
  'of a frame of %i bytes the beginning is kept, and the next one is found',
  (length) => {
    const prefix = [0, 0, 0, (length - 5) >> 8, (length - 5) & 0xff];
    const frame = Uint8Array.from({ length }, (_, i) => prefix[i] ?? 1);
    const splitter = new FrameSplitter();
    const [first, second] = splitter.push(Uint8Array.from([...frame, ...MESSAGE]));
    expect(first?.length).toBe(length);
    expect(first?.bytes).toEqual(frame.slice(0, KEPT_BYTES));
    expect([...(second?.bytes ?? [])]).toEqual(MESSAGE);
  },
);

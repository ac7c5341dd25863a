import { expect, test } from 'vitest';
import { frameOf } from '../wire/testing/frameOf';
import { layOut, niceTicks } from './timelineLayout';

test('frames are where their time is, with room after the last one', () => {
  const { arrows } = layOut({
    startMs: 1_000,
    frames: [
      frameOf({ atMs: 1_000, kind: 'headers' }),
      frameOf({ atMs: 1_050 }),
      frameOf({ atMs: 1_100, direction: 'down' }),
    ],
  });
  expect(arrows.map(({ at }) => Math.round(at))).toEqual([0, 47, 94]);
  expect(arrows.map(({ isMessage }) => isMessage)).toEqual([false, true, true]);
});

test('opening is a stretch and no arrow, closing is not drawn', () => {
  const { arrows, openAt } = layOut({
    startMs: 0,
    frames: [
      frameOf({ atMs: 50, kind: 'open', direction: 'down' }),
      frameOf({ atMs: 100 }),
      frameOf({ atMs: 900, kind: 'close', direction: 'down' }),
    ],
  });
  expect(arrows).toHaveLength(1);
  expect(Math.round(openAt)).toBe(47);
});

test('the server’s marks have their place, and stretch the line', () => {
  const { serverMarks } = layOut({ startMs: 0, frames: [frameOf({ atMs: 10 })], serverMarks: [53, 106] });
  expect(serverMarks.map((at) => Math.round(at))).toEqual([47, 94]);
});

test.each([
  [1, [0, 0.2, 0.4, 0.6, 0.8]],
  [5.3, [0, 2, 4]],
  [42, [0, 10, 20, 30, 40]],
  [99, [0, 20, 40, 60, 80]],
  [1_030, [0, 500, 1_000]],
])('up to %d ms the ticks are %j', (total, ticks) => {
  expect(niceTicks(total)).toEqual(ticks);
});

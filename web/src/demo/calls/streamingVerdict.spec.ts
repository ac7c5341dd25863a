import { expect, test } from 'vitest';
import { frameOf } from '../wire/testing/frameOf';
import { proofOf, verdictOf } from './streamingVerdict';

test.each([
  [{ sent: 0, answeredMs: 5, endedMs: undefined }, 'refused', 'never read the stream'],
  [{ sent: 2, answeredMs: 5, endedMs: undefined }, 'ok', 'Full duplex: the answer began after 5 ms'],
  [{ sent: 4, answeredMs: 5, endedMs: 9 }, 'ok', 'Full duplex: answer at 5 ms, end of the request at 9 ms'],
  [{ sent: 4, answeredMs: 9, endedMs: 9 }, 'ok', 'Half duplex only'],
] as const)('%j is %s', (measured, outcome, words) => {
  expect(verdictOf(measured).outcome).toBe(outcome);
  expect(verdictOf(measured).words).toContain(words);
});

test('the proof names every time, and whose clock it is', () => {
  const frames = [
    frameOf({ kind: 'headers', atMs: 100 }),
    frameOf({ atMs: 100 }),
    frameOf({ atMs: 300 }),
    frameOf({ kind: 'headers', direction: 'down', atMs: 520 }),
  ];
  expect(
    proofOf({ frames, startMs: 100, serverMarks: [300, 501] }, { sent: 2, answeredMs: 420, endedMs: 410 }),
  ).toBe(
    'Sent at 0 and 200 ms. The server took the chat messages at 200 and 401 ms by its own stamps (circles; the first is ' +
      'laid on its sending) and answered each at once. fetch handed over the first byte at 420 ms, after the request had ' +
      'ended at 410 ms.',
  );
});

import { create } from '@bufbuild/protobuf';
import { beforeEach, expect, test } from 'vitest';
import { HistoryPageSchema } from '../gen/duplexer/chat/v1/chat_pb';
import { HistoryPager, type OlderLines, PAGE_ATTEMPTS, PAGE_RETRY_MS, PAGE_TIMEOUT_MS } from './historyPager';
import { FakeClock } from './testing/fakeClock';

let clock: FakeClock;
let connected: boolean;
let requests: { id: string; before: bigint; limit: number }[];
let pager: HistoryPager;

beforeEach(() => {
  clock = new FakeClock();
  connected = true;
  requests = [];
  pager = new HistoryPager({
    clock,
    request(id, before, limit) {
      if (connected) {
        requests.push({ id, before, limit });
      }
      return connected;
    },
  });
});

/** A page of lines with these sequences, each with the one before it. */
const page = (steps: [sequence: bigint, previous: bigint][], more = false) =>
  create(HistoryPageSchema, {
    messages: steps.map(([sequence, previousSequence]) => ({ sequence, previousSequence })),
    more,
  });

const sequences = ({ lines }: OlderLines) => lines.map(({ sequence }) => sequence);

test('pages follow each other without a hole and without a line twice', async () => {
  pager.line(9n, 7n);
  const first = pager.load(2);
  pager.receive(
    'older-1',
    page(
      [
        [5n, 4n],
        [7n, 5n],
      ],
      true,
    ),
  );
  expect(sequences(await first)).toEqual([5n, 7n]);
  const second = pager.load(2);
  pager.receive('older-2', page([[4n, 0n]]));
  expect(await second).toMatchObject({ lines: [{ sequence: 4n }], more: false });
  expect(requests.map(({ before }) => before)).toEqual([9n, 5n]);
});

test('later lines do not move the beginning', () => {
  pager.line(9n, 8n);
  pager.line(10n, 9n);
  void pager.load(2);
  expect(requests).toEqual([{ id: 'older-1', before: 9n, limit: 2 }]);
});

test('where the first line is still to come it is waited for', () => {
  pager.begin(undefined);
  void pager.load(2);
  expect(requests).toEqual([]);
  pager.line(9n, 8n);
  expect(requests).toEqual([{ id: 'older-1', before: 9n, limit: 2 }]);
});

test('a room that was entered without history is paged from its newest line', async () => {
  pager.begin(10n);
  const older = pager.load(2);
  pager.line(10n, 9n);
  pager.receive(
    'older-1',
    page(
      [
        [8n, 7n],
        [9n, 8n],
      ],
      true,
    ),
  );
  expect(sequences(await older)).toEqual([8n, 9n]);
});

test('a page from after the beginning is refused, also where the line before it is not known', async () => {
  pager.begin(10n);
  const older = pager.load(2);
  pager.receive('older-1', page([[10n, 9n]]));
  await expect(older).rejects.toThrow('the page does not end before 10 (got 10)');
});

test('a second call while the first is under way gets the same page', () => {
  pager.begin(10n);
  expect(pager.load(2)).toBe(pager.load(5));
  expect(requests).toHaveLength(1);
});

test('without a connection it waits for one, however long', async () => {
  connected = false;
  pager.begin(10n);
  const older = pager.load(2);
  clock.advance(10 * PAGE_TIMEOUT_MS);
  connected = true;
  pager.resend();
  pager.receive('older-1', page([[9n, 0n]]));
  expect(sequences(await older)).toEqual([9n]);
  expect(clock.pendingTimers).toBe(0);
});

test('an answer that does not come is given up, and one that comes too late ignored', async () => {
  pager.begin(10n);
  const older = pager.load(2);
  clock.advance(PAGE_TIMEOUT_MS - 1);
  clock.advance(1);
  await expect(older).rejects.toThrow('no answer');
  pager.receive('older-1', page([[9n, 8n]]));
  void pager.load(2);
  expect(requests.at(-1)).toEqual({ id: 'older-2', before: 10n, limit: 2 });
});

test('a request that is refused for now is made again, and given up after some', async () => {
  pager.begin(10n);
  const older = pager.load(2);
  const refused = expect(older).rejects.toThrow('too fast');
  for (let i = 1; i < PAGE_ATTEMPTS; i++) {
    pager.refuse({ id: 'older-1', reason: 'too fast', retryAfterMs: 100 });
    clock.advance(100 + PAGE_RETRY_MS - 1);
    expect(requests).toHaveLength(i);
    clock.advance(1);
    expect(requests).toHaveLength(i + 1);
  }
  pager.refuse({ id: 'older-1', reason: 'too fast', retryAfterMs: 100 });
  await refused;
  expect(clock.pendingTimers).toBe(0);
});

test('an empty page is the end', async () => {
  pager.begin(10n);
  const older = pager.load(2);
  pager.receive('older-1', page([]));
  expect(await older).toEqual({ lines: [], more: false });
});

test.each([
  [
    'overlaps what is there',
    [
      [8n, 7n],
      [9n, 8n],
      [10n, 9n],
    ],
  ],
  ['leaves a hole before what is there', [[7n, 6n]]],
  [
    'has a hole in it',
    [
      [6n, 5n],
      [8n, 7n],
    ],
  ],
  [
    'is not in order',
    [
      [8n, 6n],
      [7n, 8n],
    ],
  ],
] as [string, [bigint, bigint][]][])('a page that %s is refused', async (_, steps) => {
  pager.line(9n, 8n);
  const older = pager.load(3);
  pager.receive('older-1', page(steps));
  await expect(older).rejects.toThrow('the page does not end before');
  void pager.load(3);
  expect(requests.at(-1)?.before).toBe(9n);
});

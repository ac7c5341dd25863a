import { expect, test } from 'vitest';
import { FakeClock } from '../../chat/testing/fakeClock';
import { KEPT_BYTES } from './frame';
import { MAX_FRAMES, WireLog } from './wireLog';

test('frames are numbered and timed in the order in which they crossed', () => {
  const clock = new FakeClock();
  const log = new WireLog(clock);
  const tap = log.taps('ann', 'websocket')('json');
  tap('up', 'message', 'é');
  clock.advance(5);
  tap('down', 'message', Uint8Array.of(1, 2, 3));
  expect(log.frames).toMatchObject([
    { number: 1, direction: 'up', length: 2, data: 'é', stream: { source: 'ann', method: 'json' } },
    { number: 2, direction: 'down', length: 3 },
  ]);
  expect((log.frames[1]?.atMs ?? 0) - (log.frames[0]?.atMs ?? 0)).toBe(5);
});

test('the oldest go when there are too many', () => {
  const log = new WireLog(new FakeClock());
  const tap = log.taps('ann', 'grpc-web')('Chat');
  for (let i = 0; i <= MAX_FRAMES; i++) {
    tap('up', 'message', 'x');
  }
  expect(log.frames).toHaveLength(MAX_FRAMES);
  expect(log.frames[0]?.number).toBe(2);
});

test('a long frame is cut, its length is not', () => {
  const log = new WireLog(new FakeClock());
  log.taps('ann', 'grpc-web')('Chat')('up', 'message', new Uint8Array(KEPT_BYTES + 1));
  expect(log.frames[0]?.data).toHaveLength(KEPT_BYTES);
  expect(log.frames[0]?.length).toBe(KEPT_BYTES + 1);
});

test('what is kept does not change with the sender’s buffer', () => {
  const log = new WireLog(new FakeClock());
  const buffer = Uint8Array.of(1);
  log.taps('ann', 'grpc-web')('Chat')('up', 'message', buffer);
  buffer[0] = 2;
  expect(log.frames[0]?.data).toEqual(Uint8Array.of(1));
});

test('one source’s frames are told to its listener, all to the log’s', () => {
  const log = new WireLog(new FakeClock());
  const own: number[] = [];
  const all: number[] = [];
  const stop = log.listen(({ number }) => all.push(number));
  log.taps('ann', 'grpc-web')('Chat')('up', 'message');
  log.taps('bob', 'grpc-web', ({ number }) => own.push(number))('Chat')('up', 'message');
  stop();
  log.taps('ann', 'grpc-web')('Chat')('up', 'message');
  expect([own, all]).toEqual([[2], [1, 2]]);
});

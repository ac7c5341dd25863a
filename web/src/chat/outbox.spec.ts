import { beforeEach, expect, test } from 'vitest';
import { DEFAULT_BACKOFF } from './backoff';
import { ANSWER_TIMEOUT_MS, MAX_REFUSALS, OUTBOX_LIMIT, Outbox, type Outgoing } from './outbox';
import { FakeClock } from './testing/fakeClock';

let clock: FakeClock;
let transmitted: string[];
let changes: Outgoing[];
let outbox: Outbox;
let connected: boolean;
let unanswered: number;

beforeEach(() => {
  let ids = 0;
  clock = new FakeClock();
  transmitted = [];
  changes = [];
  connected = true;
  unanswered = 0;
  outbox = new Outbox({
    clock,
    random: () => 0.5,
    backoff: DEFAULT_BACKOFF,
    newId: () => `m${++ids}`,
    transmit: (id) => {
      if (connected) {
        transmitted.push(id);
      }
      return connected;
    },
    onChange: (outgoing) => changes.push(outgoing),
    onUnanswered: () => unanswered++,
  });
});

test('a message is pending at once and sent at once', () => {
  expect(outbox.send('hi')).toBe('m1');
  expect(changes).toEqual([{ id: 'm1', content: 'hi', state: 'pending' }]);
  expect(transmitted).toEqual(['m1']);
});

test('its acknowledgement says where it is and how long it took', () => {
  outbox.send('hi');
  clock.advance(12);
  outbox.acknowledge('m1', 7n);
  expect(changes.at(-1)).toEqual({
    id: 'm1',
    content: 'hi',
    state: 'acknowledged',
    sequence: 7n,
    latencyMs: 12,
  });
});

test('a second acknowledgement, and one for somebody else’s message, change nothing', () => {
  outbox.send('hi');
  outbox.acknowledge('m1', 7n);
  outbox.acknowledge('m1', 7n);
  outbox.acknowledge('other', 8n);
  expect(changes).toHaveLength(2);
});

test('one message is under way at a time; its acknowledgement sends the next', () => {
  outbox.send('one');
  outbox.send('two');
  outbox.send('three');
  expect(transmitted).toEqual(['m1']);
  outbox.acknowledge('m1', 1n);
  expect(transmitted).toEqual(['m1', 'm2']);
  outbox.acknowledge('m2', 2n);
  expect(transmitted).toEqual(['m1', 'm2', 'm3']);
});

test('on a new connection the message under way is sent again with its id, then the others in order', () => {
  outbox.send('one');
  outbox.send('two');
  outbox.resend();
  expect(transmitted).toEqual(['m1', 'm1']);
  outbox.acknowledge('m1', 1n);
  expect(transmitted).toEqual(['m1', 'm1', 'm2']);
});

test('what is written without a connection waits for one, in order', () => {
  connected = false;
  outbox.send('one');
  outbox.send('two');
  expect(transmitted).toEqual([]);
  expect(clock.pendingTimers).toBe(0);
  connected = true;
  outbox.resend();
  outbox.acknowledge('m1', 1n);
  expect(transmitted).toEqual(['m1', 'm2']);
});

test('an acknowledgement from the missed messages takes effect before its turn', () => {
  connected = false;
  outbox.send('one');
  outbox.send('two');
  outbox.acknowledge('m2', 5n);
  connected = true;
  outbox.resend();
  outbox.acknowledge('m1', 6n);
  expect(transmitted).toEqual(['m1']);
});

test('an acknowledgement out of turn does not send again what is under way', () => {
  outbox.send('one');
  outbox.send('two');
  outbox.acknowledge('m2', 5n);
  expect(transmitted).toEqual(['m1']);
});

test('a refusal for now makes the messages behind it wait, so that none overtakes', () => {
  outbox.send('one');
  outbox.refuse({ id: 'm1', reason: 'too fast', retryAfterMs: 1_000 });
  outbox.send('two');
  clock.advance(1_249);
  expect(transmitted).toEqual(['m1']);
  clock.advance(1);
  outbox.acknowledge('m1', 1n);
  expect(transmitted).toEqual(['m1', 'm1', 'm2']);
});

test('a final refusal lets the next one go', () => {
  outbox.send('one');
  outbox.send('two');
  outbox.refuse({ id: 'm1', reason: 'no', retryAfterMs: undefined });
  expect(transmitted).toEqual(['m1', 'm2']);
});

test('a message written while an acknowledgement is told is sent once', () => {
  outbox = new Outbox({
    clock,
    random: () => 0,
    backoff: DEFAULT_BACKOFF,
    newId: () => `n${transmitted.length}`,
    transmit: (id) => transmitted.push(id) > 0,
    onChange: ({ state }) => state === 'acknowledged' && transmitted.length === 1 && outbox.send('next'),
    onUnanswered: () => {},
  });
  outbox.send('first');
  outbox.acknowledge('n0', 1n);
  expect(transmitted).toEqual(['n0', 'n1']);
});

test('a message without an answer calls for another connection, until it is answered', () => {
  outbox.send('hi');
  clock.advance(ANSWER_TIMEOUT_MS - 1);
  expect(unanswered).toBe(0);
  clock.advance(1);
  expect(unanswered).toBe(1);
  outbox.resend();
  outbox.acknowledge('m1', 1n);
  clock.advance(2 * ANSWER_TIMEOUT_MS);
  expect(unanswered).toBe(1);
});

test('a refusal that is final fails the message with its reason', () => {
  outbox.send('hi');
  outbox.refuse({ id: 'm1', reason: 'content: too long', retryAfterMs: undefined });
  expect(changes.at(-1)).toEqual({ id: 'm1', content: 'hi', state: 'failed', reason: 'content: too long' });
  outbox.resend();
  expect(transmitted).toEqual(['m1']);
  expect(clock.pendingTimers).toBe(0);
});

test('a failed message that turns out to be stored is acknowledged', () => {
  outbox.send('hi');
  outbox.refuse({ id: 'm1', reason: 'no', retryAfterMs: undefined });
  outbox.acknowledge('m1', 3n);
  expect(changes.at(-1)).toMatchObject({ state: 'acknowledged', sequence: 3n });
  outbox.retry('m1');
  expect(transmitted).toEqual(['m1']);
});

test('a failed message may be retried by hand under its id', () => {
  outbox.send('hi');
  outbox.refuse({ id: 'm1', reason: 'no', retryAfterMs: undefined });
  outbox.retry('m1');
  expect(changes.at(-1)?.state).toBe('pending');
  expect(transmitted).toEqual(['m1', 'm1']);
  outbox.retry('m1');
  expect(transmitted).toHaveLength(2);
});

test('a refusal that passes sends the message again after the server’s time and a jitter', () => {
  outbox.send('hi');
  outbox.refuse({ id: 'm1', reason: 'too fast', retryAfterMs: 1_000 });
  clock.advance(1_249);
  expect(transmitted).toHaveLength(1);
  clock.advance(1);
  expect(transmitted).toHaveLength(2);
  expect(changes).toHaveLength(1);
});

test('a message that is refused too often has failed', () => {
  outbox.send('hi');
  for (let i = 0; i < MAX_REFUSALS; i++) {
    outbox.refuse({ id: 'm1', reason: 'too fast', retryAfterMs: 0 });
    clock.advance(20_000);
  }
  expect(changes.at(-1)).toMatchObject({ state: 'failed', reason: 'too fast' });
  expect(transmitted).toHaveLength(MAX_REFUSALS);
  expect(clock.pendingTimers).toBe(0);
});

test('a reconnect takes the place of a waiting retry', () => {
  outbox.send('hi');
  outbox.refuse({ id: 'm1', reason: 'too fast', retryAfterMs: 1_000 });
  outbox.resend();
  clock.advance(20_000);
  expect(transmitted).toHaveLength(2);
});

test('the outbox takes its limit of pending messages and no more', () => {
  for (let i = 0; i < OUTBOX_LIMIT; i++) {
    outbox.send('hi');
  }
  expect(() => outbox.send('one more')).toThrow(RangeError);
  outbox.acknowledge('m1', 1n);
  outbox.send('one more');
});

test('beyond the limit the oldest failed message is forgotten', () => {
  for (let i = 1; i <= OUTBOX_LIMIT + 1; i++) {
    outbox.send('hi');
    outbox.refuse({ id: `m${i}`, reason: 'no', retryAfterMs: undefined });
  }
  changes.length = 0;
  outbox.retry('m1');
  expect(changes).toEqual([]);
  outbox.retry('m2');
  expect(changes).toHaveLength(1);
});

test('a retry takes its place behind what is pending, and is refused where there is none', () => {
  outbox.send('bad');
  outbox.send('good');
  outbox.refuse({ id: 'm1', reason: 'no', retryAfterMs: undefined });
  outbox.retry('m1');
  expect(transmitted).toEqual(['m1', 'm2']);
  outbox.acknowledge('m2', 1n);
  expect(transmitted).toEqual(['m1', 'm2', 'm1']);
  outbox.refuse({ id: 'm1', reason: 'no', retryAfterMs: undefined });
  for (let i = 0; i < OUTBOX_LIMIT; i++) {
    outbox.send('hi');
  }
  expect(() => outbox.retry('m1')).toThrow(RangeError);
});

test('closing leaves no timer', () => {
  outbox.send('hi');
  outbox.refuse({ id: 'm1', reason: 'too fast', retryAfterMs: 1_000 });
  outbox.close();
  expect(clock.pendingTimers).toBe(0);
});

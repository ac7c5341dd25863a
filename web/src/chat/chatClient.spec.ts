import { Code } from '@connectrpc/connect';
import { beforeEach, describe, expect, test } from 'vitest';
import { ChatClient, type ChatLine } from './chatClient';
import type { Outgoing } from './outbox';
import type { Gap } from './sequenceTracker';
import { FakeChannels } from './testing/fakeChannel';
import { FakeClock } from './testing/fakeClock';

let clock: FakeClock;
let channels: FakeChannels;
let client: ChatClient;
let lines: ChatLine[];
let outgoing: Outgoing[];
let gaps: Gap[];
let problems: string[];

beforeEach(() => {
  let ids = 0;
  clock = new FakeClock();
  channels = new FakeChannels();
  client = new ChatClient({
    userId: 'ann',
    room: 'tea',
    openChannel: channels.open,
    clock,
    random: () => 0,
    newId: () => `m${++ids}`,
  });
  lines = [];
  outgoing = [];
  gaps = [];
  problems = [];
  client.on('line', (line) => lines.push(line));
  client.on('outgoing', (change) => outgoing.push(change));
  client.on('gap', (gap) => gaps.push(gap));
  client.on('problem', (problem) => problems.push(problem));
  client.connect();
});

/** Loses the channel and waits for the next one. */
function reconnect(): void {
  channels.current.end();
  clock.advance(20_000);
}

const sequences = () => lines.map(({ sequence }) => sequence);
const states = () => outgoing.map(({ id, state }) => `${id} ${state}`);

describe('receiving', () => {
  test('a line carries what the page shows', () => {
    channels.current.join();
    channels.current.line(1n, 0n, { id: 'b1', timestamp: 1_790_000_000_000n });
    expect(lines).toEqual([
      { id: 'b1', userId: 'bob', content: 'line 1', timestampMs: 1_790_000_000_000, sequence: 1n },
    ]);
  });

  test('the first join asks for history, the next for what was missed', () => {
    channels.current.join();
    channels.current.line(1n, 0n);
    reconnect();
    expect(channels.all[0]?.request.join.resume).toBeUndefined();
    expect(channels.current.request.join).toMatchObject({
      history: 50,
      resume: { epoch: 'e1', sequence: 1n },
    });
  });

  test('what was missed arrives once, without a gap', () => {
    channels.current.join();
    channels.current.line(1n, 0n);
    reconnect();
    channels.current.join({ recovered: true, missed: 2, sequence: 3n });
    channels.current.line(1n, 0n);
    channels.current.line(2n, 1n);
    channels.current.line(3n, 2n);
    channels.current.line(3n, 2n);
    expect(sequences()).toEqual([1n, 2n, 3n]);
    expect(gaps).toEqual([]);
  });

  test('a gap is told before the line that follows it', () => {
    const told: string[] = [];
    client.on('gap', ({ afterSequence, throughSequence }) =>
      told.push(`gap ${afterSequence}-${throughSequence}`),
    );
    client.on('line', ({ sequence }) => told.push(`line ${sequence}`));
    channels.current.join();
    channels.current.line(1n, 0n);
    channels.current.line(5n, 4n);
    expect(told).toEqual(['line 1', 'gap 1-4', 'line 5']);
  });

  test('events are not lines', () => {
    channels.current.join();
    channels.current.receive({ userId: 'bob', event: { case: 'joined', value: {} } });
    channels.current.receive({ userId: 'bob', event: { case: 'typing', value: {} } });
    expect(lines).toEqual([]);
  });

  test('a server with a new history is told and followed', () => {
    channels.current.join();
    channels.current.line(9n, 0n);
    reconnect();
    channels.current.join({ epoch: 'e2', missed: 1, sequence: 1n });
    channels.current.line(1n, 0n);
    expect(gaps.map(({ kind }) => kind)).toEqual(['new-history']);
    expect(sequences()).toEqual([9n, 1n]);
  });
});

describe('sending', () => {
  test('the echo is the acknowledgement, and the line', () => {
    channels.current.join();
    client.send('hi');
    channels.current.line(1n, 0n, { id: 'm1', userId: 'ann' });
    expect(states()).toEqual(['m1 pending', 'm1 acknowledged']);
    expect(sequences()).toEqual([1n]);
  });

  test('an answer before the echo acknowledges; the echo brings the line', () => {
    channels.current.join();
    client.send('hi');
    channels.current.acknowledge('m1', 1n);
    expect(states()).toEqual(['m1 pending', 'm1 acknowledged']);
    expect(lines).toEqual([]);
    channels.current.line(1n, 0n, { id: 'm1', userId: 'ann' });
    expect(states()).toHaveLength(2);
    expect(sequences()).toEqual([1n]);
  });

  test('somebody else’s message with the same id acknowledges nothing', () => {
    channels.current.join();
    client.send('hi');
    channels.current.line(1n, 0n, { id: 'm1', userId: 'bob' });
    expect(states()).toEqual(['m1 pending']);
  });

  test('a message written while away is sent after the join', () => {
    client.send('early');
    expect(channels.current.sent).toEqual([]);
    channels.current.join();
    expect(channels.current.sent).toEqual([{ id: 'm1', content: 'early' }]);
  });

  test('an unacknowledged message is sent again with the same id; its repeated answer is no new line', () => {
    channels.current.join();
    client.send('hi');
    reconnect();
    channels.current.join({ recovered: true, missed: 1, sequence: 2n });
    expect(channels.current.sent).toEqual([{ id: 'm1', content: 'hi' }]);
    channels.current.line(1n, 0n, { id: 'm1', userId: 'ann', duplicate: true });
    expect(states()).toEqual(['m1 pending', 'm1 acknowledged']);
    channels.current.line(1n, 0n, { id: 'm1', userId: 'ann' });
    channels.current.line(2n, 1n);
    expect(sequences()).toEqual([1n, 2n]);
    expect(gaps).toEqual([]);
  });

  test('a message among the missed ones is acknowledged by them', () => {
    channels.current.join();
    client.send('hi');
    reconnect();
    channels.current.join({ recovered: true, missed: 1, sequence: 1n });
    channels.current.line(1n, 0n, { id: 'm1', userId: 'ann' });
    expect(states()).toEqual(['m1 pending', 'm1 acknowledged']);
  });

  test('a rejected message has failed, and may be retried', () => {
    channels.current.join();
    client.send('hi');
    channels.current.reject('m1', { code: Code.InvalidArgument, reason: 'content: too long' });
    expect(outgoing.at(-1)).toMatchObject({ state: 'failed', reason: 'content: too long' });
    client.retry('m1');
    expect(channels.current.sent.map(({ id }) => id)).toEqual(['m1', 'm1']);
  });

  test('a message rejected for now is sent again by itself', () => {
    channels.current.join();
    client.send('hi');
    channels.current.reject('m1', {
      code: Code.ResourceExhausted,
      reason: 'too fast',
      retryAfterMillis: 300,
    });
    clock.advance(300);
    expect(channels.current.sent.map(({ id }) => id)).toEqual(['m1', 'm1']);
    expect(states()).toEqual(['m1 pending']);
  });

  test('a refusal of no message is a problem to show', () => {
    channels.current.join();
    channels.current.reject('', { code: Code.InvalidArgument, reason: 'not a JSON object' });
    expect(problems).toEqual(['not a JSON object']);
  });
});

test('closing leaves no timer and no channel', () => {
  channels.current.join();
  client.send('hi');
  client.close();
  expect(client.state).toEqual({ name: 'closed' });
  expect(channels.current.closed).toBe(true);
  expect(clock.pendingTimers).toBe(0);
});

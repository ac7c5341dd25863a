import { Code } from '@connectrpc/connect';
import { beforeEach, describe, expect, test } from 'vitest';
import { ChatClient, type ChatLine } from './chatClient';
import { ANSWER_TIMEOUT_MS, type Outgoing } from './outbox';
import type { Presence } from './presence';
import type { Recovery } from './recovery';
import type { Gap } from './sequenceTracker';
import { FakeChannels } from './testing/fakeChannel';
import { FakeClock } from './testing/fakeClock';
import { TELL_TYPING_EVERY_MS } from './typing';

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
    transport: channels,
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

  test('a message that is missing is asked for by resuming, and nothing is shown before it', () => {
    channels.current.join();
    channels.current.line(1n, 0n);
    channels.current.line(3n, 2n);
    expect(client.state).toMatchObject({ name: 'reconnecting', reason: 'a message is missing' });
    clock.advance(1);
    expect(channels.current.request.join.resume?.sequence).toBe(1n);
    channels.current.join({ recovered: true, missed: 2, sequence: 3n });
    channels.current.line(2n, 1n);
    channels.current.line(3n, 2n);
    expect(sequences()).toEqual([1n, 2n, 3n]);
    expect(gaps).toEqual([]);
  });

  test('what cannot be recovered is told before the line that follows it', () => {
    const told: string[] = [];
    client.on('gap', ({ afterSequence, throughSequence }) =>
      told.push(`gap ${afterSequence}-${throughSequence}`),
    );
    client.on('line', ({ sequence }) => told.push(`line ${sequence}`));
    channels.current.join();
    channels.current.line(1n, 0n);
    reconnect();
    channels.current.join({ recovered: false, missed: 1, sequence: 5n });
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
    channels.current.join({ recovered: true, missed: 2, sequence: 2n });
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

describe('order of what is sent', () => {
  test('messages pending over a reconnect arrive in the order in which they were written', () => {
    channels.current.join();
    client.send('one');
    client.send('two');
    reconnect();
    client.send('three');
    channels.current.join({ recovered: true });
    for (const [i, id] of ['m1', 'm2', 'm3'].entries()) {
      channels.current.line(BigInt(i + 1), BigInt(i), { id, userId: 'ann' });
    }
    expect(channels.current.sent.map(({ content }) => content)).toEqual(['one', 'two', 'three']);
  });

  test('a message that must wait holds up those behind it', () => {
    channels.current.join();
    client.send('one');
    client.send('two');
    channels.current.reject('m1', { code: Code.ResourceExhausted, retryAfterMillis: 300 });
    clock.advance(299);
    expect(channels.current.sent).toHaveLength(1);
    clock.advance(1);
    channels.current.line(1n, 0n, { id: 'm1', userId: 'ann' });
    expect(channels.current.sent.map(({ content }) => content)).toEqual(['one', 'one', 'two']);
  });

  test('a message that nobody answers makes a new connection and is sent again', () => {
    channels.current.join();
    client.send('hi');
    clock.advance(ANSWER_TIMEOUT_MS);
    expect(client.state).toMatchObject({ reason: 'a message was not answered' });
    clock.advance(1);
    channels.current.join({ recovered: true });
    expect(channels.current.sent).toEqual([{ id: 'm1', content: 'hi' }]);
  });
});

describe('counting', () => {
  let recoveries: Recovery[];

  beforeEach(() => {
    recoveries = [];
    client.on('recovery', (recovery) => recoveries.push(recovery));
  });

  test('the first join is no recovery', () => {
    channels.current.join({ missed: 1, sequence: 1n });
    channels.current.line(1n, 0n);
    expect(recoveries).toEqual([]);
    expect(client.counts).toEqual({ lines: 1, missed: 0, gaps: 0, duplicates: 0 });
  });

  test('a recovery is told when the last missed line has come', () => {
    channels.current.join();
    channels.current.line(1n, 0n);
    reconnect();
    channels.current.join({ recovered: true, missed: 2, sequence: 3n });
    channels.current.line(2n, 1n);
    expect(recoveries).toEqual([]);
    channels.current.line(3n, 2n);
    channels.current.line(4n, 3n);
    expect(recoveries).toEqual([{ recovered: true, missed: 2, gaps: 0, duplicates: 0 }]);
    expect(client.counts).toEqual({ lines: 4, missed: 2, gaps: 0, duplicates: 0 });
  });

  test('where nothing was missed it is told at once', () => {
    channels.current.join();
    reconnect();
    channels.current.join({ recovered: true });
    expect(recoveries).toEqual([{ recovered: true, missed: 0, gaps: 0, duplicates: 0 }]);
  });

  test('a line that came before the loss and is sent again is a duplicate', () => {
    channels.current.join();
    channels.current.line(1n, 0n);
    reconnect();
    channels.current.join({ recovered: true, missed: 2, sequence: 2n });
    channels.current.line(1n, 0n);
    channels.current.line(2n, 1n);
    expect(recoveries).toEqual([{ recovered: true, missed: 1, gaps: 0, duplicates: 1 }]);
  });

  test('a recovery that is interrupted goes on counting', () => {
    channels.current.join();
    channels.current.line(1n, 0n);
    reconnect();
    channels.current.join({ recovered: true, missed: 2, sequence: 3n });
    channels.current.line(2n, 1n);
    reconnect();
    channels.current.join({ recovered: true, missed: 1, sequence: 3n });
    channels.current.line(3n, 2n);
    expect(recoveries).toEqual([{ recovered: true, missed: 2, gaps: 0, duplicates: 0 }]);
  });

  test('what is lost is counted, also in a new history', () => {
    channels.current.join();
    channels.current.line(1n, 0n);
    reconnect();
    channels.current.join({ missed: 1, sequence: 5n });
    channels.current.line(5n, 4n);
    reconnect();
    channels.current.join({ epoch: 'e2' });
    expect(recoveries).toEqual([
      { recovered: false, missed: 1, gaps: 1, duplicates: 0 },
      { recovered: false, missed: 0, gaps: 1, duplicates: 0 },
    ]);
  });
});

describe('two connections for a moment', () => {
  let other: FakeChannels;

  beforeEach(() => {
    client.close();
    other = new FakeChannels('web');
    lines = [];
    client = new ChatClient({
      userId: 'ann',
      room: 'tea',
      transport: channels,
      fallback: other,
      clock,
      random: () => 0,
      newId: () => 'm1',
    });
    client.on('line', (line) => lines.push(line));
    client.connect();
    channels.current.end();
    clock.advance(1);
    channels.current.end();
    other.current.join();
    other.current.line(1n, 0n);
  });

  test('lines that come by the old one while the new one joins are shown once, and are no duplicates', () => {
    clock.advance(1);
    expect(channels.current.request.join.resume?.sequence).toBe(1n);
    other.current.line(2n, 1n);
    other.current.line(3n, 2n);
    channels.current.join({ recovered: true, missed: 1, sequence: 2n });
    channels.current.line(2n, 1n);
    channels.current.line(3n, 2n);
    channels.current.line(4n, 3n);
    expect(sequences()).toEqual([1n, 2n, 3n, 4n]);
    expect(client.counts).toEqual({ lines: 4, missed: 0, gaps: 0, duplicates: 0 });
  });

  test('a message under way on the old one is sent again on the new one, and published once', () => {
    const changes: string[] = [];
    client.on('outgoing', ({ state }) => changes.push(state));
    client.send('hi');
    clock.advance(1);
    channels.current.join({ recovered: true, sequence: 1n });
    expect([other.current.sent, channels.current.sent]).toEqual([
      [{ id: 'm1', content: 'hi' }],
      [{ id: 'm1', content: 'hi' }],
    ]);
    channels.current.line(2n, 1n, { id: 'm1', userId: 'ann' });
    channels.current.line(2n, 1n, { id: 'm1', userId: 'ann', duplicate: true });
    expect(changes).toEqual(['pending', 'acknowledged']);
    expect(sequences()).toEqual([1n, 2n]);
    expect(client.counts.duplicates).toBe(0);
  });

  test('by hand, too, the place in the room and what is pending are kept', () => {
    const third = new FakeChannels('third');
    client.send('hi');
    client.use(third);
    expect(third.current.request.join.resume).toMatchObject({ epoch: 'e1', sequence: 1n });
    third.current.join({ recovered: true, missed: 1, sequence: 2n });
    third.current.line(2n, 1n, { id: 'm1', userId: 'ann' });
    expect(sequences()).toEqual([1n, 2n]);
    expect(client.state).toEqual({ name: 'connected', transport: 'third' });
  });
});

describe('presence', () => {
  let presences: Presence[];

  beforeEach(() => {
    presences = [];
    client.on('presence', (presence) => presences.push(presence));
  });

  test('who is in the room is told on entering, and whenever somebody comes or leaves', () => {
    channels.current.join({ members: ['ann', 'cid'], memberCount: 2 });
    channels.current.receive({ userId: 'bob', event: { case: 'joined', value: {} } });
    channels.current.receive({ userId: 'cid', event: { case: 'left', value: {} } });
    expect(presences).toEqual([
      { members: ['ann', 'cid'], count: 2 },
      { members: ['ann', 'bob', 'cid'], count: 3, change: { kind: 'joined', userId: 'bob' } },
      { members: ['ann', 'bob'], count: 2, change: { kind: 'left', userId: 'cid' } },
    ]);
  });

  test('entering again begins afresh', () => {
    channels.current.join({ members: ['ann', 'bob'], memberCount: 2 });
    reconnect();
    channels.current.join({ members: ['ann'], memberCount: 1 });
    expect(presences.at(-1)).toEqual({ members: ['ann'], count: 1 });
  });
});

describe('typing', () => {
  let typing: (readonly string[])[];

  beforeEach(() => {
    typing = [];
    client.on('typing', (userIds) => typing.push(userIds));
    channels.current.join();
  });

  const types = (userId: string) =>
    channels.current.receive({ userId, event: { case: 'typing', value: {} } });

  test('others who type are told, oneself is not', () => {
    types('bob');
    types('ann');
    types('cid');
    expect(typing).toEqual([['bob'], ['bob', 'cid']]);
  });

  test('a line ends it, and so does leaving', () => {
    types('bob');
    types('cid');
    channels.current.line(1n, 0n, { userId: 'bob' });
    channels.current.receive({ userId: 'cid', event: { case: 'left', value: {} } });
    expect(typing).toEqual([['bob'], ['bob', 'cid'], ['cid'], []]);
  });

  test('a lost connection ends it for all', () => {
    types('bob');
    channels.current.end();
    expect(typing.at(-1)).toEqual([]);
  });

  test('one’s own is sent at most every two seconds, and at once after a message', () => {
    client.typing();
    client.typing();
    expect(channels.current.typingSent).toBe(1);
    clock.advance(TELL_TYPING_EVERY_MS);
    client.typing();
    expect(channels.current.typingSent).toBe(2);
    client.send('hi');
    client.typing();
    expect(channels.current.typingSent).toBe(3);
  });

  test('while there is no connection it is not sent, and not used up', () => {
    channels.current.end();
    client.typing();
    clock.advance(1);
    channels.current.join({ recovered: true });
    client.typing();
    expect(channels.current.typingSent).toBe(1);
  });

  test('a refusal of it is of no interest', () => {
    channels.current.reject('typing', { code: Code.ResourceExhausted, reason: 'too fast' });
    expect(problems).toEqual([]);
  });
});

describe('paging back', () => {
  const page = (...numbers: bigint[]) =>
    numbers.map((sequence) => ({
      userId: 'bob',
      content: `line ${sequence}`,
      sequence,
      previousSequence: sequence - 1n,
    }));

  test('older lines come before the oldest, in order, while live ones go on', async () => {
    channels.current.join({ missed: 1, sequence: 5n });
    channels.current.line(5n, 4n);
    const older = client.loadOlder(2);
    channels.current.line(6n, 5n);
    expect(channels.current.pages).toEqual([{ id: 'older-1', before: 5n, limit: 2 }]);
    channels.current.history({ messages: page(3n, 4n), more: true });
    expect(await older).toMatchObject({ lines: [{ sequence: 3n }, { sequence: 4n }], more: true });
    expect(sequences()).toEqual([5n, 6n]);
    void client.loadOlder();
    expect(channels.current.pages.at(-1)).toEqual({ id: 'older-2', before: 3n, limit: 50 });
  });

  test('a page asked for on a lost connection is asked for again on the next, from the same place', async () => {
    channels.current.join({ missed: 1, sequence: 5n });
    channels.current.line(5n, 4n);
    const older = client.loadOlder();
    reconnect();
    channels.current.join({ recovered: true, missed: 1, sequence: 6n });
    channels.current.line(6n, 5n);
    expect(channels.current.pages).toEqual([{ id: 'older-1', before: 5n, limit: 50 }]);
    channels.current.history({ messages: page(4n) });
    expect(await older).toMatchObject({ lines: [{ sequence: 4n }], more: false });
  });

  test('a new history leaves no page to wait for, and is paged from its own start', async () => {
    channels.current.join({ missed: 1, sequence: 5n });
    channels.current.line(5n, 4n);
    const older = client.loadOlder();
    reconnect();
    channels.current.join({ epoch: 'e2', missed: 1, sequence: 9n });
    await expect(older).rejects.toThrow('the server has a new history');
    channels.current.line(9n, 8n);
    void client.loadOlder();
    expect(channels.current.pages.at(-1)?.before).toBe(9n);
  });

  test('a refusal is thrown, and asking again is possible', async () => {
    channels.current.join();
    const older = client.loadOlder();
    channels.current.reject('older-1', { code: Code.InvalidArgument, reason: 'limit: 500' });
    await expect(older).rejects.toThrow('older messages: limit: 500');
    void client.loadOlder();
    expect(channels.current.pages).toHaveLength(2);
    expect(problems).toEqual([]);
  });

  test('closing ends the wait', async () => {
    const older = client.loadOlder();
    client.close();
    await expect(older).rejects.toThrow('not connected');
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

import { Code } from '@connectrpc/connect';
import { beforeEach, describe, expect, test } from 'vitest';
import { ChatClient } from './chatClient';
import { ANSWER_TIMEOUT_MS } from './outbox';
import type { Recovery } from './recovery';
import { FakeChannels } from './testing/fakeChannel';
import { FakeChat } from './testing/fakeChat';

let chat: FakeChat;

beforeEach(() => {
  chat = new FakeChat();
});

describe('receiving', () => {
  test('a line carries what the page shows', () => {
    chat.channels.current.join();
    chat.channels.current.line(1n, 0n, { id: 'b1', timestamp: 1_790_000_000_000n });
    expect(chat.lines).toEqual([
      { id: 'b1', userId: 'bob', content: 'line 1', timestampMs: 1_790_000_000_000, sequence: 1n },
    ]);
  });

  test('the first join asks for history, the next for what was missed', () => {
    chat.channels.current.join();
    chat.channels.current.line(1n, 0n);
    chat.reconnect();
    expect(chat.channels.all[0]?.request.join.resume).toBeUndefined();
    expect(chat.channels.current.request.join).toMatchObject({
      history: 50,
      resume: { epoch: 'e1', sequence: 1n },
    });
  });

  test('a new client goes on where an earlier one was, and reads back from there', () => {
    chat.channels.current.join();
    chat.channels.current.line(7n, 0n);
    const resume = chat.client.resumePoint;
    expect(resume).toEqual({ epoch: 'e1', sequence: 7n });
    const channels = new FakeChannels();
    const later = new ChatClient({
      userId: 'ann',
      room: 'tea',
      transport: channels,
      ...(resume && { resume }),
    });
    const recoveries: Recovery[] = [];
    later.on('recovery', (recovery) => recoveries.push(recovery));
    later.connect();
    expect(channels.current.request.join.resume).toMatchObject({ epoch: 'e1', sequence: 7n });
    channels.current.join({ recovered: true, missed: 1, sequence: 9n });
    channels.current.line(9n, 7n);
    expect(recoveries).toEqual([{ recovered: true, missed: 1, gaps: 0, duplicates: 0 }]);
    void later.loadOlder().catch(() => {});
    expect(channels.current.pages.at(-1)?.before).toBe(8n);
    later.close();
  });

  test('what was missed arrives once, without a gap', () => {
    chat.channels.current.join();
    chat.channels.current.line(1n, 0n);
    chat.reconnect();
    chat.channels.current.join({ recovered: true, missed: 2, sequence: 3n });
    chat.channels.current.line(1n, 0n);
    chat.channels.current.line(2n, 1n);
    chat.channels.current.line(3n, 2n);
    chat.channels.current.line(3n, 2n);
    expect(chat.sequences()).toEqual([1n, 2n, 3n]);
    expect(chat.gaps).toEqual([]);
  });

  test('a message that is missing is asked for by resuming, and nothing is shown before it', () => {
    chat.channels.current.join();
    chat.channels.current.line(1n, 0n);
    chat.channels.current.line(3n, 2n);
    expect(chat.client.state).toMatchObject({ name: 'reconnecting', reason: 'a message is missing' });
    chat.clock.advance(1);
    expect(chat.channels.current.request.join.resume?.sequence).toBe(1n);
    chat.channels.current.join({ recovered: true, missed: 2, sequence: 3n });
    chat.channels.current.line(2n, 1n);
    chat.channels.current.line(3n, 2n);
    expect(chat.sequences()).toEqual([1n, 2n, 3n]);
    expect(chat.gaps).toEqual([]);
  });

  test('what cannot be recovered is told before the line that follows it', () => {
    const told: string[] = [];
    chat.client.on('gap', ({ afterSequence, throughSequence }) =>
      told.push(`gap ${afterSequence}-${throughSequence}`),
    );
    chat.client.on('line', ({ sequence }) => told.push(`line ${sequence}`));
    chat.channels.current.join();
    chat.channels.current.line(1n, 0n);
    chat.reconnect();
    chat.channels.current.join({ recovered: false, missed: 1, sequence: 5n });
    chat.channels.current.line(5n, 4n);
    expect(told).toEqual(['line 1', 'gap 1-4', 'line 5']);
  });

  test('events are not lines', () => {
    chat.channels.current.join();
    chat.channels.current.receive({ userId: 'bob', event: { case: 'joined', value: {} } });
    chat.channels.current.receive({ userId: 'bob', event: { case: 'typing', value: {} } });
    expect(chat.lines).toEqual([]);
  });

  test('a server with a new history is told and followed', () => {
    chat.channels.current.join();
    chat.channels.current.line(9n, 0n);
    chat.reconnect();
    chat.channels.current.join({ epoch: 'e2', missed: 1, sequence: 1n });
    chat.channels.current.line(1n, 0n);
    expect(chat.gaps.map(({ kind }) => kind)).toEqual(['new-history']);
    expect(chat.sequences()).toEqual([9n, 1n]);
  });
});

describe('sending', () => {
  test('the echo is the acknowledgement, and the line', () => {
    chat.channels.current.join();
    chat.client.send('hi');
    chat.channels.current.line(1n, 0n, { id: 'm1', userId: 'ann' });
    expect(chat.states()).toEqual(['m1 pending', 'm1 acknowledged']);
    expect(chat.sequences()).toEqual([1n]);
  });

  test('an answer whose line does not come makes a new connection: the stream must be dead', () => {
    chat.channels.current.join();
    chat.client.send('hi');
    chat.channels.current.acknowledge('m1', 1n);
    chat.clock.advance(ANSWER_TIMEOUT_MS - 1);
    expect(chat.client.state.name).toBe('connected');
    chat.clock.advance(1);
    expect(chat.client.state).toMatchObject({ name: 'reconnecting', reason: 'a message is missing' });
  });

  test('an answer whose line came leaves nothing to wait for, before or after it', () => {
    chat.channels.current.join();
    chat.client.send('one');
    chat.channels.current.line(1n, 0n, { id: 'm1', userId: 'ann' });
    chat.channels.current.acknowledge('m1', 1n);
    chat.client.send('two');
    chat.channels.current.acknowledge('m2', 2n);
    chat.channels.current.line(2n, 1n, { id: 'm2', userId: 'ann' });
    expect(chat.clock.pendingTimers).toBe(0);
  });

  test('an answer before the echo acknowledges; the echo brings the line', () => {
    chat.channels.current.join();
    chat.client.send('hi');
    chat.channels.current.acknowledge('m1', 1n);
    expect(chat.states()).toEqual(['m1 pending', 'm1 acknowledged']);
    expect(chat.lines).toEqual([]);
    chat.channels.current.line(1n, 0n, { id: 'm1', userId: 'ann' });
    expect(chat.states()).toHaveLength(2);
    expect(chat.sequences()).toEqual([1n]);
  });

  test('somebody else’s message with the same id acknowledges nothing', () => {
    chat.channels.current.join();
    chat.client.send('hi');
    chat.channels.current.line(1n, 0n, { id: 'm1', userId: 'bob' });
    expect(chat.states()).toEqual(['m1 pending']);
  });

  test('a message written while away is sent after the join', () => {
    chat.client.send('early');
    expect(chat.channels.current.sent).toEqual([]);
    chat.channels.current.join();
    expect(chat.channels.current.sent).toEqual([{ id: 'm1', content: 'early' }]);
  });

  test('an unacknowledged message is sent again with the same id; its repeated answer is no new line', () => {
    chat.channels.current.join();
    chat.client.send('hi');
    chat.reconnect();
    chat.channels.current.join({ recovered: true, missed: 2, sequence: 2n });
    expect(chat.channels.current.sent).toEqual([{ id: 'm1', content: 'hi' }]);
    chat.channels.current.line(1n, 0n, { id: 'm1', userId: 'ann', duplicate: true });
    expect(chat.states()).toEqual(['m1 pending', 'm1 acknowledged']);
    chat.channels.current.line(1n, 0n, { id: 'm1', userId: 'ann' });
    chat.channels.current.line(2n, 1n);
    expect(chat.sequences()).toEqual([1n, 2n]);
    expect(chat.gaps).toEqual([]);
  });

  test('a message among the missed ones is acknowledged by them', () => {
    chat.channels.current.join();
    chat.client.send('hi');
    chat.reconnect();
    chat.channels.current.join({ recovered: true, missed: 1, sequence: 1n });
    chat.channels.current.line(1n, 0n, { id: 'm1', userId: 'ann' });
    expect(chat.states()).toEqual(['m1 pending', 'm1 acknowledged']);
  });

  test('a rejected message has failed, and may be retried', () => {
    chat.channels.current.join();
    chat.client.send('hi');
    chat.channels.current.reject('m1', { code: Code.InvalidArgument, reason: 'content: too long' });
    expect(chat.outgoing.at(-1)).toMatchObject({ state: 'failed', reason: 'content: too long' });
    chat.client.retry('m1');
    expect(chat.channels.current.sent.map(({ id }) => id)).toEqual(['m1', 'm1']);
  });

  test('a message rejected for now is sent again by itself', () => {
    chat.channels.current.join();
    chat.client.send('hi');
    chat.channels.current.reject('m1', {
      code: Code.ResourceExhausted,
      reason: 'too fast',
      retryAfterMillis: 300,
    });
    chat.clock.advance(300);
    expect(chat.channels.current.sent.map(({ id }) => id)).toEqual(['m1', 'm1']);
    expect(chat.states()).toEqual(['m1 pending']);
  });

  test('a refusal of no message is a problem to show', () => {
    chat.channels.current.join();
    chat.channels.current.reject('', { code: Code.InvalidArgument, reason: 'not a JSON object' });
    expect(chat.problems).toEqual(['not a JSON object']);
  });
});

describe('order of what is sent', () => {
  test('messages pending over a reconnect arrive in the order in which they were written', () => {
    chat.channels.current.join();
    chat.client.send('one');
    chat.client.send('two');
    chat.reconnect();
    chat.client.send('three');
    chat.channels.current.join({ recovered: true });
    for (const [i, id] of ['m1', 'm2', 'm3'].entries()) {
      chat.channels.current.line(BigInt(i + 1), BigInt(i), { id, userId: 'ann' });
    }
    expect(chat.channels.current.sent.map(({ content }) => content)).toEqual(['one', 'two', 'three']);
  });

  test('a message that must wait holds up those behind it', () => {
    chat.channels.current.join();
    chat.client.send('one');
    chat.client.send('two');
    chat.channels.current.reject('m1', { code: Code.ResourceExhausted, retryAfterMillis: 300 });
    chat.clock.advance(299);
    expect(chat.channels.current.sent).toHaveLength(1);
    chat.clock.advance(1);
    chat.channels.current.line(1n, 0n, { id: 'm1', userId: 'ann' });
    expect(chat.channels.current.sent.map(({ content }) => content)).toEqual(['one', 'one', 'two']);
  });

  test('a message that nobody answers makes a new connection and is sent again', () => {
    chat.channels.current.join();
    chat.client.send('hi');
    chat.clock.advance(ANSWER_TIMEOUT_MS);
    expect(chat.client.state).toMatchObject({ reason: 'a message was not answered' });
    chat.clock.advance(1);
    chat.channels.current.join({ recovered: true });
    expect(chat.channels.current.sent).toEqual([{ id: 'm1', content: 'hi' }]);
  });
});

test('closing leaves no timer and no channel', () => {
  chat.channels.current.join();
  chat.client.send('hi');
  chat.client.close();
  expect(chat.client.state).toEqual({ name: 'closed' });
  expect(chat.channels.current.closed).toBe(true);
  expect(chat.clock.pendingTimers).toBe(0);
});

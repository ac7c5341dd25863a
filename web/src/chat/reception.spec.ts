import { Code } from '@connectrpc/connect';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Presence } from './presence';
import { FakeChat } from './testing/fakeChat';
import { TELL_TYPING_EVERY_MS } from './typing';

let chat: FakeChat;

beforeEach(() => {
  chat = new FakeChat();
});

describe('presence', () => {
  let presences: Presence[];

  beforeEach(() => {
    presences = [];
    chat.client.on('presence', (presence) => presences.push(presence));
  });

  test('who is in the room is told on entering, and whenever somebody comes or leaves', () => {
    chat.channels.current.join({ members: ['ann', 'cid'], memberCount: 2 });
    chat.channels.current.receive({ userId: 'bob', event: { case: 'joined', value: {} } });
    chat.channels.current.receive({ userId: 'cid', event: { case: 'left', value: {} } });
    expect(presences).toEqual([
      { members: ['ann', 'cid'], count: 2 },
      { members: ['ann', 'bob', 'cid'], count: 3, change: { kind: 'joined', userId: 'bob' } },
      { members: ['ann', 'bob'], count: 2, change: { kind: 'left', userId: 'cid' } },
    ]);
  });

  test('entering again begins afresh', () => {
    chat.channels.current.join({ members: ['ann', 'bob'], memberCount: 2 });
    chat.reconnect();
    chat.channels.current.join({ members: ['ann'], memberCount: 1 });
    expect(presences.at(-1)).toEqual({ members: ['ann'], count: 1 });
  });
});

describe('typing', () => {
  let typing: (readonly string[])[];

  beforeEach(() => {
    typing = [];
    chat.client.on('typing', (userIds) => typing.push(userIds));
    chat.channels.current.join();
  });

  const types = (userId: string) =>
    chat.channels.current.receive({ userId, event: { case: 'typing', value: {} } });

  test('others who type are told, oneself is not', () => {
    types('bob');
    types('ann');
    types('cid');
    expect(typing).toEqual([['bob'], ['bob', 'cid']]);
  });

  test('a line ends it, and so does leaving', () => {
    types('bob');
    types('cid');
    chat.channels.current.line(1n, 0n, { userId: 'bob' });
    chat.channels.current.receive({ userId: 'cid', event: { case: 'left', value: {} } });
    expect(typing).toEqual([['bob'], ['bob', 'cid'], ['cid'], []]);
  });

  test('a lost connection ends it for all', () => {
    types('bob');
    chat.channels.current.end();
    expect(typing.at(-1)).toEqual([]);
  });

  test('one’s own is sent at most every two seconds, and at once after a message', () => {
    chat.client.typing();
    chat.client.typing();
    expect(chat.channels.current.typingSent).toBe(1);
    chat.clock.advance(TELL_TYPING_EVERY_MS);
    chat.client.typing();
    expect(chat.channels.current.typingSent).toBe(2);
    chat.client.send('hi');
    chat.client.typing();
    expect(chat.channels.current.typingSent).toBe(3);
  });

  test('while there is no connection it is not sent, and not used up', () => {
    chat.channels.current.end();
    chat.client.typing();
    chat.clock.advance(1);
    chat.channels.current.join({ recovered: true });
    chat.client.typing();
    expect(chat.channels.current.typingSent).toBe(1);
  });

  test('a refusal of it is of no interest', () => {
    chat.channels.current.reject('typing', { code: Code.ResourceExhausted, reason: 'too fast' });
    expect(chat.problems).toEqual([]);
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
    chat.channels.current.join({ missed: 1, sequence: 5n });
    chat.channels.current.line(5n, 4n);
    const older = chat.client.loadOlder(2);
    chat.channels.current.line(6n, 5n);
    expect(chat.channels.current.pages).toEqual([{ id: 'older-1', before: 5n, limit: 2 }]);
    chat.channels.current.history({ messages: page(3n, 4n), more: true });
    expect(await older).toMatchObject({ lines: [{ sequence: 3n }, { sequence: 4n }], more: true });
    expect(chat.sequences()).toEqual([5n, 6n]);
    void chat.client.loadOlder();
    expect(chat.channels.current.pages.at(-1)).toEqual({ id: 'older-2', before: 3n, limit: 50 });
  });

  test('a page asked for on a lost connection is asked for again on the next, from the same place', async () => {
    chat.channels.current.join({ missed: 1, sequence: 5n });
    chat.channels.current.line(5n, 4n);
    const older = chat.client.loadOlder();
    chat.reconnect();
    chat.channels.current.join({ recovered: true, missed: 1, sequence: 6n });
    chat.channels.current.line(6n, 5n);
    expect(chat.channels.current.pages).toEqual([{ id: 'older-1', before: 5n, limit: 50 }]);
    chat.channels.current.history({ messages: page(4n) });
    expect(await older).toMatchObject({ lines: [{ sequence: 4n }], more: false });
  });

  test('a new history leaves no page to wait for, and is paged from its own start', async () => {
    chat.channels.current.join({ missed: 1, sequence: 5n });
    chat.channels.current.line(5n, 4n);
    const older = chat.client.loadOlder();
    chat.reconnect();
    chat.channels.current.join({ epoch: 'e2', missed: 1, sequence: 9n });
    await expect(older).rejects.toThrow('the server has a new history');
    chat.channels.current.line(9n, 8n);
    void chat.client.loadOlder();
    expect(chat.channels.current.pages.at(-1)?.before).toBe(9n);
  });

  test('a refusal is thrown, and asking again is possible', async () => {
    chat.channels.current.join();
    const older = chat.client.loadOlder();
    chat.channels.current.reject('older-1', { code: Code.InvalidArgument, reason: 'limit: 500' });
    await expect(older).rejects.toThrow('older messages: limit: 500');
    void chat.client.loadOlder();
    expect(chat.channels.current.pages).toHaveLength(2);
    expect(chat.problems).toEqual([]);
  });

  test('closing ends the wait', async () => {
    const older = chat.client.loadOlder();
    chat.client.close();
    await expect(older).rejects.toThrow('not connected');
  });
});

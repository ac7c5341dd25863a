import { beforeEach, describe, expect, test } from 'vitest';
import type { Recovery } from './recovery';
import { FakeChannels } from './testing/fakeChannel';
import { FakeChat } from './testing/fakeChat';

let chat: FakeChat;

beforeEach(() => {
  chat = new FakeChat();
});

describe('counting', () => {
  let recoveries: Recovery[];

  beforeEach(() => {
    recoveries = [];
    chat.client.on('recovery', (recovery) => recoveries.push(recovery));
  });

  test('the first join is no recovery', () => {
    chat.channels.current.join({ missed: 1, sequence: 1n });
    chat.channels.current.line(1n, 0n);
    expect(recoveries).toEqual([]);
    expect(chat.client.counts).toEqual({ lines: 1, missed: 0, gaps: 0, duplicates: 0 });
  });

  test('a recovery is told when the last missed line has come', () => {
    chat.channels.current.join();
    chat.channels.current.line(1n, 0n);
    chat.reconnect();
    chat.channels.current.join({ recovered: true, missed: 2, sequence: 3n });
    chat.channels.current.line(2n, 1n);
    expect(recoveries).toEqual([]);
    chat.channels.current.line(3n, 2n);
    chat.channels.current.line(4n, 3n);
    expect(recoveries).toEqual([{ recovered: true, missed: 2, gaps: 0, duplicates: 0 }]);
    expect(chat.client.counts).toEqual({ lines: 4, missed: 2, gaps: 0, duplicates: 0 });
  });

  test('where nothing was missed it is told at once', () => {
    chat.channels.current.join();
    chat.reconnect();
    chat.channels.current.join({ recovered: true });
    expect(recoveries).toEqual([{ recovered: true, missed: 0, gaps: 0, duplicates: 0 }]);
  });

  test('a line that came before the loss and is sent again is a duplicate', () => {
    chat.channels.current.join();
    chat.channels.current.line(1n, 0n);
    chat.reconnect();
    chat.channels.current.join({ recovered: true, missed: 2, sequence: 2n });
    chat.channels.current.line(1n, 0n);
    chat.channels.current.line(2n, 1n);
    expect(recoveries).toEqual([{ recovered: true, missed: 1, gaps: 0, duplicates: 1 }]);
  });

  test('a recovery that is interrupted goes on counting', () => {
    chat.channels.current.join();
    chat.channels.current.line(1n, 0n);
    chat.reconnect();
    chat.channels.current.join({ recovered: true, missed: 2, sequence: 3n });
    chat.channels.current.line(2n, 1n);
    chat.reconnect();
    chat.channels.current.join({ recovered: true, missed: 1, sequence: 3n });
    chat.channels.current.line(3n, 2n);
    expect(recoveries).toEqual([{ recovered: true, missed: 2, gaps: 0, duplicates: 0 }]);
  });

  test('once it could not be recovered, an interruption does not make it so', () => {
    chat.channels.current.join();
    chat.channels.current.line(1n, 0n);
    chat.reconnect();
    chat.channels.current.join({ missed: 2, sequence: 6n });
    chat.channels.current.line(5n, 4n);
    chat.reconnect();
    chat.channels.current.join({ recovered: true, missed: 1, sequence: 6n });
    chat.channels.current.line(6n, 5n);
    expect(recoveries).toEqual([{ recovered: false, missed: 2, gaps: 1, duplicates: 0 }]);
  });

  test('what is lost is counted, also in a new history', () => {
    chat.channels.current.join();
    chat.channels.current.line(1n, 0n);
    chat.reconnect();
    chat.channels.current.join({ missed: 1, sequence: 5n });
    chat.channels.current.line(5n, 4n);
    chat.reconnect();
    chat.channels.current.join({ epoch: 'e2' });
    expect(recoveries).toEqual([
      { recovered: false, missed: 1, gaps: 1, duplicates: 0 },
      { recovered: false, missed: 0, gaps: 1, duplicates: 0 },
    ]);
  });
});

describe('two connections for a moment', () => {
  let other: FakeChannels;

  beforeEach(() => {
    other = new FakeChannels('web');
    chat = new FakeChat({ fallback: other });
    chat.channels.current.end();
    chat.clock.advance(1);
    chat.channels.current.end();
    other.current.join();
    other.current.line(1n, 0n);
  });

  test('lines that come by the old one while the new one joins are shown once, and are no duplicates', () => {
    chat.clock.advance(1);
    expect(chat.channels.current.request.join.resume?.sequence).toBe(1n);
    other.current.line(2n, 1n);
    other.current.line(3n, 2n);
    chat.channels.current.join({ recovered: true, missed: 1, sequence: 2n });
    chat.channels.current.line(2n, 1n);
    chat.channels.current.line(3n, 2n);
    chat.channels.current.line(4n, 3n);
    expect(chat.sequences()).toEqual([1n, 2n, 3n, 4n]);
    expect(chat.client.counts).toEqual({ lines: 4, missed: 0, gaps: 0, duplicates: 0 });
  });

  test('a message under way on the old one is sent again on the new one, and published once', () => {
    chat.client.send('hi');
    chat.clock.advance(1);
    chat.channels.current.join({ recovered: true, sequence: 1n });
    expect([other.current.sent, chat.channels.current.sent]).toEqual([
      [{ id: 'm1', content: 'hi' }],
      [{ id: 'm1', content: 'hi' }],
    ]);
    chat.channels.current.line(2n, 1n, { id: 'm1', userId: 'ann' });
    chat.channels.current.line(2n, 1n, { id: 'm1', userId: 'ann', duplicate: true });
    expect(chat.states()).toEqual(['m1 pending', 'm1 acknowledged']);
    expect(chat.sequences()).toEqual([1n, 2n]);
    expect(chat.client.counts.duplicates).toBe(0);
  });

  test('by hand, too, the place in the room and what is pending are kept', () => {
    const third = new FakeChannels('third');
    chat.client.send('hi');
    chat.client.use(third);
    expect(third.current.request.join.resume).toMatchObject({ epoch: 'e1', sequence: 1n });
    third.current.join({ recovered: true, missed: 1, sequence: 2n });
    third.current.line(2n, 1n, { id: 'm1', userId: 'ann' });
    expect(chat.sequences()).toEqual([1n, 2n]);
    expect(chat.client.state).toEqual({ name: 'connected', transport: 'third' });
  });
});

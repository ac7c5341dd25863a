import { runInNewContext } from 'node:vm';
import { beforeEach, expect, test } from 'vitest';
import type { Connection, ConnectionEnd } from './connection.js';
import { FakeWebSocketStream } from './testing/fakeWebSocketStream.js';
import { settle } from './testing/turns.js';
import { webSocketStreamConnect } from './webSocketStreamConnection.js';

let current: FakeWebSocketStream;
let events: (string | ConnectionEnd)[];
let connection: Connection;
let readOn: (() => void)[];

beforeEach(() => {
  events = [];
  readOn = [];
  connection = webSocketStreamConnect(FakeWebSocketStream)('ws://chat.test/a.B/C', {
    onOpen: () => events.push('open'),
    onMessage: (message) => {
      events.push(typeof message === 'string' ? `text ${message}` : `bytes ${message}`);
      return new Promise((resolve) => readOn.push(resolve));
    },
    onClose: (end) => events.push(end),
  });
  current = FakeWebSocketStream.current;
});

test('it offers the subprotocol', () => {
  expect([current.url, current.protocols]).toEqual(['ws://chat.test/a.B/C', ['grpc-websockets']]);
});

test('it does not take the next message before the listener wants it', async () => {
  await current.open();
  expect([events, current.pulled]).toEqual([['open'], 1]);
  current.receive(Uint8Array.of(7, 8).buffer);
  current.receive('hi');
  await settle();
  expect(events).toEqual(['open', 'bytes 7,8']);
  readOn[0]?.();
  await settle();
  expect(events).toEqual(['open', 'bytes 7,8', 'text hi']);
});

test.for(['Uint8Array.of(7, 8).buffer', 'Uint8Array.of(7, 8)'])(
  '%s of another realm are bytes',
  async (data) => {
    await current.open();
    current.receive(runInNewContext(data));
    await settle();
    expect(events).toEqual(['open', 'bytes 7,8']);
  },
);

test('it tells how the server closed', async () => {
  await current.open();
  current.end(3012, 'no pong');
  await settle();
  expect(events).toEqual(['open', { code: 3012, reason: 'no pong' }]);
});

test('a connection that is lost has code 1006', async () => {
  await current.open();
  current.lose(Object.assign(new Error('lost'), { closeCode: null, reason: '' }));
  await settle();
  expect(events).toEqual(['open', { code: 1006, reason: '' }]);
});

test('a connection that does not open has code 1006', async () => {
  current.lose(new Error('refused'));
  await settle();
  expect(events).toEqual([{ code: 1006, reason: '' }]);
});

test('what is sent is written', async () => {
  await current.open();
  await connection.send(Uint8Array.of(1));
  expect(current.written).toEqual([Uint8Array.of(1)]);
});

test('a write that fails does not reject: the end tells why', async () => {
  await current.open();
  current.lose(new Error('lost'));
  await connection.send(Uint8Array.of(1));
});

test('closing says 1000 once, and nothing is heard or sent after it', async () => {
  await current.open();
  current.receive(Uint8Array.of(7).buffer);
  await settle();
  connection.close();
  connection.close();
  readOn[0]?.();
  current.lose(new Error('lost'));
  await connection.send(Uint8Array.of(1));
  await settle();
  expect([current.closedWith, events, current.written]).toEqual([[1000], ['open', 'bytes 7'], []]);
});

test('closing before it is open is possible', async () => {
  connection.close();
  await settle();
  expect([current.closedWith, events]).toEqual([[1000], []]);
});

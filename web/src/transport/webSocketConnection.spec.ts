import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Connection, ConnectionEnd } from './connection.js';
import { FakeWebSocket } from './testing/fakeWebSocket.js';
import { settle } from './testing/turns.js';
import { webSocketConnect } from './webSocketConnection.js';

const MESSAGE = Uint8Array.of(1);
const MARK_BYTES = 1_000;
let events: (string | ConnectionEnd)[];
let connection: Connection;
let socket: FakeWebSocket;

beforeEach(() => {
  vi.useFakeTimers();
  events = [];
  connection = webSocketConnect(FakeWebSocket, MARK_BYTES)('ws://chat.test/a.B/C', {
    onOpen: () => events.push('open'),
    onMessage: (message) => {
      events.push(typeof message === 'string' ? `text ${message}` : `bytes ${message}`);
      return undefined;
    },
    onClose: (end) => events.push(end),
  });
  socket = FakeWebSocket.current;
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  FakeWebSocket.all.length = 0;
});

/** Sends and tells whether there is room for more. */
function send(): { done: boolean } {
  const state = { done: false };
  void connection.send(MESSAGE).then(() => {
    state.done = true;
  });
  return state;
}

test('it offers the subprotocol and wants array buffers', () => {
  expect([socket.url, socket.protocols, socket.binaryType]).toEqual([
    'ws://chat.test/a.B/C',
    ['grpc-websockets'],
    'arraybuffer',
  ]);
});

test('it tells of the opening, of messages and of the end', () => {
  socket.open();
  socket.receive(Uint8Array.of(7, 8));
  socket.receiveText('hi');
  socket.end(1001, 'bye');
  expect(events).toEqual(['open', 'bytes 7,8', 'text hi', { code: 1001, reason: 'bye', cause: undefined }]);
});

test('bytes are bytes in another realm, too, as under Jest', () => {
  socket.onmessage?.({ data: runInNewContext('Uint8Array.of(7, 8).buffer') } as never);
  expect(events).toEqual(['bytes 7,8']);
});

test('the end has what the platform tells', () => {
  const cause = new Error('connect ECONNREFUSED');
  socket.end(1006, '', cause);
  expect(events).toEqual([{ code: 1006, reason: '', cause }]);
});

test('at the high-water mark there is room for more at once', async () => {
  socket.bufferedAmount = MARK_BYTES;
  const sending = send();
  await settle();
  expect([sending.done, socket.sent.length]).toEqual([true, 1]);
});

test('above the high-water mark it waits until the network has caught up', async () => {
  socket.bufferedAmount = MARK_BYTES + 1;
  const sending = send();
  await vi.advanceTimersByTimeAsync(5_000);
  expect([sending.done, socket.sent.length]).toEqual([false, 1]);
  socket.bufferedAmount = MARK_BYTES;
  await vi.advanceTimersByTimeAsync(64);
  expect(sending.done).toBe(true);
});

test('it looks less and less often: 83 times in 5 s', async () => {
  let looks = 0;
  Object.defineProperty(socket, 'bufferedAmount', { get: () => MARK_BYTES + ++looks });
  send();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(looks).toBe(84); // once while sending

  connection.close();
});

test('the end lets go of who waits', async () => {
  socket.bufferedAmount = MARK_BYTES + 1;
  const sending = send();
  socket.end(1006);
  await settle();
  expect(sending.done).toBe(true);
});

test('closing lets go of who waits, says 1000 once, and nothing is heard or sent after it', async () => {
  socket.bufferedAmount = MARK_BYTES + 1;
  const sending = send();
  connection.close();
  connection.close();
  await settle();
  socket.open();
  socket.receive(MESSAGE);
  socket.end(1000);
  await connection.send(MESSAGE);
  expect([sending.done, socket.closedWith, events, socket.sent.length]).toEqual([true, [1000], [], 1]);
});

test('an error after closing finds a listener, which ws insists on', () => {
  connection.close();
  expect(socket.onerror).not.toBeNull();
  socket.end(1006, '', new Error('closed before it was open'));
  expect(events).toEqual([]);
});

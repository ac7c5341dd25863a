import { create } from '@bufbuild/protobuf';
import { beforeEach, expect, test } from 'vitest';
import { JoinSchema, type Message } from '../gen/duplexer/chat/v1/chat_pb';
import type { Channel, ChannelEnd } from './channel';
import type { Frame } from './frameCodec';
import { protobufCodec } from './protobufCodec';
import { webSocketChannel } from './webSocketChannel';

/** A browser's WebSocket as far as the channel uses it. */
class FakeWebSocket {
  binaryType = 'blob';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly sent: Frame[] = [];
  closeCalls = 0;

  send(frame: Frame): void {
    this.sent.push(frame);
  }

  close(): void {
    this.closeCalls++;
  }
}

let socket: FakeWebSocket;
let opened: string[];
let received: Message[];
let ends: ChannelEnd[];

function open(codec?: typeof protobufCodec): Channel {
  const openChannel = webSocketChannel({
    url: 'ws://chat.test/ws',
    ...(codec && { codec }),
    newWebSocket: (url, subprotocol) => {
      opened.push(`${url} ${subprotocol}`);
      return socket as unknown as WebSocket;
    },
  });
  const join = create(JoinSchema, { history: 50 });
  return openChannel(
    { userId: 'ann', room: 'tea', join },
    {
      onMessage: (message) => received.push(message),
      onAcknowledged: () => expect.unreachable('the echo is the acknowledgement'),
      onRefused: () => expect.unreachable('a refusal is an event'),
      onEnd: (end) => ends.push(end),
    },
  );
}

beforeEach(() => {
  socket = new FakeWebSocket();
  opened = [];
  received = [];
  ends = [];
});

test('it speaks JSON unless told otherwise, and joins when the socket opens', () => {
  open();
  expect(opened).toEqual(['ws://chat.test/ws duplexer.chat.v1+json']);
  expect(socket.sent).toEqual([]);
  socket.onopen?.();
  expect(socket.sent).toEqual(['{"user_id":"ann","room":"tea","join":{"history":50}}']);
});

test('a message goes out as one frame with its id', () => {
  open().send('m1', 'hi');
  expect(socket.sent).toEqual(['{"id":"m1","user_id":"ann","content":"hi","room":"tea"}']);
});

test('frames come in as messages', () => {
  open();
  socket.onmessage?.({ data: '{"user_id":"bob","content":"hi","sequence":1}' });
  expect(received.map(({ userId, content, sequence }) => [userId, content, sequence])).toEqual([
    ['bob', 'hi', 1n],
  ]);
});

test('with the protobuf subprotocol frames are bytes', () => {
  const channel = open(protobufCodec);
  expect(opened).toEqual(['ws://chat.test/ws duplexer.chat.v1+proto']);
  expect(socket.binaryType).toBe('arraybuffer');
  channel.send('m1', 'hi');
  const [frame] = socket.sent as Uint8Array<ArrayBuffer>[];
  socket.onmessage?.({ data: frame?.buffer });
  expect(received.map(({ id, content }) => [id, content])).toEqual([['m1', 'hi']]);
});

test('the close code decides whether to reconnect', () => {
  open();
  socket.onclose?.({ code: 1001, reason: 'server stopping' });
  expect(ends).toEqual([{ reason: 'server stopping (close code 1001)', mayReconnect: true }]);

  open();
  socket.onclose?.({ code: 3501, reason: 'too many connections' });
  expect(ends.at(-1)).toEqual({ reason: 'too many connections (close code 3501)', mayReconnect: false });
});

test('a frame that cannot be read ends the channel for good', () => {
  open();
  socket.onmessage?.({ data: 'hello' });
  expect(ends).toHaveLength(1);
  expect(ends[0]?.mayReconnect).toBe(false);
  expect(socket.closeCalls).toBe(1);
});

test('after close nothing more is heard', () => {
  const channel = open();
  channel.close();
  channel.close();
  socket.onopen?.();
  socket.onmessage?.({ data: '{}' });
  socket.onclose?.({ code: 1005, reason: '' });
  expect([socket.sent, received, ends]).toEqual([[], [], []]);
});

import { create } from '@bufbuild/protobuf';
import { beforeEach, expect, test } from 'vitest';
import { JoinSchema, type Message } from '../gen/duplexer/chat/v1/chat_pb';
import type { Channel, ChannelEnd } from './channel';
import { jsonCodec } from './jsonCodec';
import { protobufCodec } from './protobufCodec';
import { FakeWebSocket } from './testing/fakeWebSocket';
import { TrafficMeter } from './traffic';
import { webSocketChannel } from './webSocketChannel';

let meter: TrafficMeter;
let received: Message[];
let ends: ChannelEnd[];

function open(codec?: typeof protobufCodec): Channel {
  const transport = webSocketChannel({
    url: 'ws://chat.test/ws',
    ...(codec && { codec }),
    webSocket: FakeWebSocket.asClass,
  });
  const join = create(JoinSchema, { history: 50 });
  return transport.open(
    { userId: 'ann', room: 'tea', join },
    {
      onMessage: (message) => received.push(message),
      onAcknowledged: () => expect.unreachable('the echo is the acknowledgement'),
      onRefused: () => expect.unreachable('a refusal is an event'),
      onEnd: (end) => ends.push(end),
    },
    meter,
  );
}

const socket = () => FakeWebSocket.last;

beforeEach(() => {
  meter = new TrafficMeter();
  received = [];
  ends = [];
});

test('its name tells the encoding', () => {
  const names = [jsonCodec, protobufCodec].map((codec) => webSocketChannel({ url: 'ws://x/', codec }).name);
  expect(names).toEqual(['websocket-json', 'websocket-protobuf']);
});

test('it speaks JSON unless told otherwise, and joins when the socket opens', () => {
  open();
  expect([socket().url, socket().subprotocols]).toEqual(['ws://chat.test/ws', ['duplexer.chat.v1+json']]);
  expect(socket().sent).toEqual([]);
  socket().open();
  expect(socket().sent).toEqual(['{"user_id":"ann","room":"tea","join":{"history":50}}']);
});

test('a message goes out as one frame with its id', () => {
  open().send('m1', 'hi');
  expect(socket().sent).toEqual(['{"id":"m1","user_id":"ann","content":"hi","room":"tea"}']);
});

test('typing goes out as an event', () => {
  open().sendTyping();
  expect(socket().sent).toEqual(['{"id":"typing","user_id":"ann","room":"tea","typing":{}}']);
});

test('so does the wish for older messages', () => {
  open().readHistory('older-1', 12n, 50);
  expect(socket().sent).toEqual([
    '{"id":"older-1","user_id":"ann","room":"tea","read_history":{"before":12,"limit":50}}',
  ]);
});

test('frames come in as messages', () => {
  open();
  socket().receive('{"user_id":"bob","content":"hi","sequence":1}');
  expect(received.map(({ userId, content, sequence }) => [userId, content, sequence])).toEqual([
    ['bob', 'hi', 1n],
  ]);
});

test('with the protobuf subprotocol frames are bytes', () => {
  const channel = open(protobufCodec);
  expect(socket().subprotocols).toEqual(['duplexer.chat.v1+proto']);
  expect(socket().binaryType).toBe('arraybuffer');
  channel.send('m1', 'hi');
  const [frame] = socket().sent as Uint8Array<ArrayBuffer>[];
  socket().receive(frame?.buffer ?? '');
  expect(received.map(({ id, content }) => [id, content])).toEqual([['m1', 'hi']]);
});

test('the close code decides whether to reconnect', () => {
  open();
  socket().end(1001, 'server stopping');
  expect(ends).toEqual([{ reason: 'server stopping (close code 1001)', mayReconnect: true }]);

  open();
  socket().end(3501, 'too many connections');
  expect(ends.at(-1)).toEqual({ reason: 'too many connections (close code 3501)', mayReconnect: false });
});

test('a frame that cannot be read ends the channel for good', () => {
  open();
  socket().receive('hello');
  expect(ends).toHaveLength(1);
  expect(ends[0]?.mayReconnect).toBe(false);
  expect(socket().closeCalls).toBe(1);
});

test('after close nothing more is heard', () => {
  const channel = open();
  channel.close();
  channel.close();
  socket().open();
  socket().receive('{}');
  socket().end(1005, '');
  expect([socket().sent, received, ends]).toEqual([[], [], []]);
});

test('the socket and the bytes of its messages are counted', () => {
  open();
  expect(meter.traffic).toEqual({ requests: 1, bytesSent: 0, bytesReceived: 0 });
  socket().open();
  socket().receive('{"content":"Grüße"}');
  expect(meter.traffic).toEqual({ requests: 1, bytesSent: 52, bytesReceived: 21 });
});

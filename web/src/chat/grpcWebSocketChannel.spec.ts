import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { ChatService, JoinSchema, type Message, MessageSchema } from '../gen/duplexer/chat/v1/chat_pb';
import { NodeServer } from '../transport/testing/nodeServer';
import type { Channel, ChannelEnd } from './channel';
import { grpcWebSocketChannel } from './grpcWebSocketChannel';
import { TrafficMeter, type WebSocketClass } from './traffic';

// Real sockets of npm's `ws` against a server that sends back all that it is told, on a real port.
let server: NodeServer;
let meter: TrafficMeter;
let received: Message[];
let ends: ChannelEnd[];

beforeAll(async () => {
  server = await NodeServer.start([
    [
      ChatService.method.chat,
      async function* ({ requests, socket }) {
        for await (const request of requests as AsyncIterable<Message>) {
          switch (request.content) {
            case 'refuse':
              throw new ConnectError('room: too long', Code.InvalidArgument);
            case 'vanish':
              socket.terminate();
              break;
            case 'end':
              return;
            default:
              yield create(MessageSchema, request);
          }
        }
      },
    ],
  ]);
});

afterAll(() => server.stop());

beforeEach(() => {
  meter = new TrafficMeter();
  received = [];
  ends = [];
});

function open(baseUrl = server.url): Channel {
  const join = create(JoinSchema, { history: 50 });
  return grpcWebSocketChannel({ baseUrl, webSocket: WebSocket as unknown as WebSocketClass }).open(
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

const until = (assertion: () => void) => vi.waitFor(assertion, { interval: 1 });

/** Opens a channel whose join has come back. */
async function joined(): Promise<Channel> {
  const channel = open();
  await until(() => expect(received).toHaveLength(1));
  return channel;
}

test('it joins first, then says what it is told, in order, on one call', async () => {
  const channel = open();
  channel.send('m1', 'hi');
  channel.sendTyping();
  channel.readHistory('older-1', 12n, 50);
  await until(() => expect(received).toHaveLength(4));
  expect(received.map(({ userId, room }) => `${userId}@${room}`)).toEqual(Array(4).fill('ann@tea'));
  expect(received).toMatchObject([
    { event: { case: 'join', value: { history: 50 } } },
    { id: 'm1', content: 'hi' },
    { event: { case: 'typing' } },
    { id: 'older-1', event: { case: 'readHistory', value: { before: 12n, limit: 50 } } },
  ]);
  channel.close();
});

test.each([
  ['refuse', '[invalid_argument] room: too long', false],
  ['end', 'the server ended the stream', true],
])('after %j it ends with what the server says', async (content, reason, mayReconnect) => {
  const channel = await joined();
  channel.send('m1', content);
  await until(() => expect(ends).toEqual([{ reason, mayReconnect }]));
});

test('a socket that is lost may be opened again', async () => {
  const channel = await joined();
  channel.send('m1', 'vanish');
  await until(() => expect(ends).toMatchObject([{ mayReconnect: true }]));
  expect(ends[0]?.reason).toContain('1006');
});

test('so may one that cannot be opened', async () => {
  open('http://127.0.0.1:1');
  await until(() => expect(ends).toMatchObject([{ mayReconnect: true }]));
});

test('closing closes the socket and is not told', async () => {
  const before = server.closes.length;
  const channel = await joined();
  channel.close();
  channel.close();
  await until(() => expect(server.closes).toHaveLength(before + 1));
  expect(ends).toEqual([]);
});

test('one socket is counted, and the bytes of both directions with gRPC’s framing', async () => {
  const channel = await joined();
  expect(meter.traffic.requests).toBe(1);
  const { bytesSent, bytesReceived } = meter.traffic;
  channel.send('m1', 'x'.repeat(100));
  await until(() => expect(received).toHaveLength(2));
  // id, user_id, content, room; five bytes a frame, and one more going up.
  const message = 4 + 5 + 102 + 5;
  expect(meter.traffic.bytesReceived - bytesReceived).toBe(5 + message);
  expect(meter.traffic.bytesSent - bytesSent).toBe(1 + 5 + message);
  channel.close();
});

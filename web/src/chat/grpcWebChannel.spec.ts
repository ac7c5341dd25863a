import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, createConnectRouter } from '@connectrpc/connect';
import { createFetchHandler } from '@connectrpc/connect/protocol';
import { beforeEach, expect, test } from 'vitest';
import {
  ChatService,
  type HistoryPage,
  HistoryPageSchema,
  JoinSchema,
  type Message,
  MessageResponseSchema,
  MessageSchema,
} from '../gen/duplexer/chat/v1/chat_pb';
import type { Acknowledgement, Channel, ChannelEnd, Refusal } from './channel';
import { grpcWebChannel } from './grpcWebChannel';
import { TrafficMeter } from './traffic';

/** What the server does, replaced by each spec; by default a stream without messages that stays open. */
let subscribe: (signal: AbortSignal) => AsyncIterable<Message>;
let sendMessage: (message: Message) => Promise<{ sequence: bigint }>;
let readHistory: () => HistoryPage;
let networkFails: boolean;
let meter: TrafficMeter;
let calls: string[];
let received: Message[];
let acknowledged: Acknowledgement[];
let refused: Refusal[];
let ends: ChannelEnd[];

beforeEach(() => {
  subscribe = (signal) => stream([], aborted(signal));
  sendMessage = async () => ({ sequence: 7n });
  readHistory = () => create(HistoryPageSchema, { messages: [{ content: 'old', sequence: 3n }], more: true });
  networkFails = false;
  meter = new TrafficMeter();
  calls = [];
  received = [];
  acknowledged = [];
  refused = [];
  ends = [];
});

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));

/** A stream of messages with these contents, that ends as `end` does. */
async function* stream(contents: string[], end: Promise<void>): AsyncGenerator<Message> {
  for (const content of contents) {
    yield create(MessageSchema, { content });
  }
  await end;
}

/** Lets everything that is ready to run do so. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

/** A server behind `fetch`: the gRPC-Web that Connect-ES speaks, without a network. */
function serve(): typeof fetch {
  const router = createConnectRouter({ connect: false, grpc: false }).service(ChatService, {
    sendMessage: async (message) => {
      calls.push(`${message.userId}@${message.room} ${message.id} ${message.event.case ?? message.content}`);
      return create(MessageResponseSchema, await sendMessage(message));
    },
    subscribeToMessages: (request, { signal }) => {
      calls.push(`${request.userId}@${request.room} history ${request.join?.history}`);
      return subscribe(signal);
    },
    readHistory: ({ userId, room, before, limit }) => {
      calls.push(`${userId}@${room} ${limit} before ${before}`);
      return readHistory();
    },
  });
  const handlers = new Map(
    router.handlers.map((handler) => [handler.requestPath, createFetchHandler(handler)] as const),
  );
  return async (input, init) => {
    if (networkFails) {
      throw new TypeError('Failed to fetch');
    }
    const request = new Request(input, init);
    const handle = handlers.get(new URL(request.url).pathname);
    return handle ? handle(request) : new Response(null, { status: 404 });
  };
}

function open(): Channel {
  const join = create(JoinSchema, { history: 50 });
  return grpcWebChannel({ baseUrl: 'http://chat.test', fetch: serve() }).open(
    { userId: 'ann', room: 'tea', join },
    {
      onMessage: (message) => received.push(message),
      onAcknowledged: (acknowledgement) => acknowledged.push(acknowledgement),
      onRefused: (refusal) => refused.push(refusal),
      onEnd: (end) => ends.push(end),
    },
    meter,
  );
}

test('it subscribes with its join and passes on what comes', async () => {
  subscribe = (signal) => stream(['one', 'two'], aborted(signal));
  const channel = open();
  await settled();
  expect(calls).toEqual(['ann@tea history 50']);
  expect(received.map(({ content }) => content)).toEqual(['one', 'two']);
  channel.close();
});

test('a message is one call, and its response is the acknowledgement', async () => {
  const channel = open();
  channel.send('m1', 'hi');
  await settled();
  expect(calls).toContain('ann@tea m1 hi');
  expect(acknowledged).toEqual([{ id: 'm1', sequence: 7n }]);
  channel.close();
});

test('calls are made one after another, so that messages keep their order', async () => {
  let answer: () => void = () => {};
  sendMessage = () =>
    new Promise((resolve) => {
      answer = () => resolve({ sequence: 1n });
    });
  const channel = open();
  channel.send('m1', 'first');
  channel.send('m2', 'second');
  await settled();
  expect(calls).not.toContain('ann@tea m2 second');
  answer();
  await settled();
  expect(calls).toContain('ann@tea m2 second');
  channel.close();
});

test('a refusal that blames the message is final', async () => {
  sendMessage = () => Promise.reject(new ConnectError('content: too long', Code.InvalidArgument));
  const channel = open();
  channel.send('m1', 'hi');
  await settled();
  expect(refused).toEqual([
    { id: 'm1', reason: '[invalid_argument] content: too long', retryAfterMs: undefined },
  ]);
  channel.close();
});

test('a refusal for now may be retried', async () => {
  sendMessage = () => Promise.reject(new ConnectError('stopping', Code.Unavailable));
  const channel = open();
  channel.send('m1', 'hi');
  await settled();
  expect(refused).toMatchObject([{ id: 'm1', retryAfterMs: 0 }]);
  channel.close();
});

test.each([
  [Code.Unavailable, true],
  [Code.Unknown, true],
  [Code.InvalidArgument, false],
  [Code.PermissionDenied, false],
])('a stream that ends with status %i: reconnect is %s', async (code, mayReconnect) => {
  subscribe = () => stream([], Promise.reject(new ConnectError('over', code)));
  open();
  await settled();
  expect(ends).toMatchObject([{ mayReconnect }]);
});

test('a stream that the server completes is opened again', async () => {
  subscribe = () => stream([], Promise.resolve());
  open();
  await settled();
  expect(ends).toEqual([{ reason: 'the server ended the stream', mayReconnect: true }]);
});

test('after close nothing more is heard', async () => {
  const channel = open();
  await settled();
  channel.send('m1', 'hi');
  channel.close();
  channel.close();
  await settled();
  expect([received, acknowledged, refused, ends]).toEqual([[], [], [], []]);
});

test('typing is a call that nobody waits for', async () => {
  const channel = open();
  channel.sendTyping();
  await settled();
  expect(calls).toContain('ann@tea  typing');
  sendMessage = () => Promise.reject(new ConnectError('too fast', Code.ResourceExhausted));
  channel.sendTyping();
  await settled();
  expect([acknowledged, refused, ends]).toEqual([[], [], []]);
  channel.close();
});

test('older messages are one call, and its answer comes as the event that other channels bring', async () => {
  const channel = open();
  channel.readHistory('older-1', 4n, 50);
  await settled();
  expect(calls).toContain('ann@tea 50 before 4');
  expect(received).toMatchObject([
    { id: 'older-1', event: { case: 'history', value: { messages: [{ content: 'old' }], more: true } } },
  ]);
  channel.close();
});

test('a page that is refused is a refusal under its id', async () => {
  readHistory = () => {
    throw new ConnectError('limit: 500', Code.InvalidArgument);
  };
  const channel = open();
  channel.readHistory('older-1', 4n, 500);
  await settled();
  expect(refused).toEqual([
    { id: 'older-1', reason: '[invalid_argument] limit: 500', retryAfterMs: undefined },
  ]);
  channel.close();
});

test('a call without an answer of the server ends the channel: whether the message arrived is not known', async () => {
  const channel = open();
  await settled();
  networkFails = true;
  channel.send('m1', 'hi');
  channel.send('m2', 'ho');
  await settled();
  expect(ends).toEqual([{ reason: 'Failed to fetch', mayReconnect: true }]);
  expect(refused).toEqual([]);
});

test('a request that does not get through ends the channel, to be opened again', async () => {
  networkFails = true;
  open();
  await settled();
  expect(ends).toEqual([{ reason: 'Failed to fetch', mayReconnect: true }]);
});

test('requests and the bytes of their bodies are counted: five of each frame and the trailers, too', async () => {
  subscribe = (signal) => stream(['one'], aborted(signal));
  const channel = open();
  await settled();
  const { requests, bytesSent, bytesReceived } = meter.traffic;
  // user_id, room, and a join of history 50.
  expect([requests, bytesSent]).toEqual([1, 5 + 5 + 5 + 4]);
  expect(bytesReceived).toBe(5 + 5);
  channel.send('m1', 'hi');
  await settled();
  expect(meter.traffic.requests).toBe(2);
  expect(meter.traffic.bytesReceived - bytesReceived).toBeGreaterThan('grpc-status: 0\r\n'.length);
  channel.close();
});

import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, createConnectRouter } from '@connectrpc/connect';
import { createFetchHandler } from '@connectrpc/connect/protocol';
import { beforeEach, expect, test, vi } from 'vitest';
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

/** Waits until the assertion holds. */
const until = (assertion: () => void) => vi.waitFor(assertion, { interval: 1 });

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
  await until(() => expect(received.map(({ content }) => content)).toEqual(['one', 'two']));
  expect(calls).toEqual(['ann@tea history 50']);
  channel.close();
});

test('a message is one call, and its response is the acknowledgement', async () => {
  const channel = open();
  channel.send('m1', 'hi');
  await until(() => expect(acknowledged).toEqual([{ id: 'm1', sequence: 7n }]));
  expect(calls).toContain('ann@tea m1 hi');
  channel.close();
});

test('calls are made one after another, so that messages keep their order', async () => {
  let inProgress = 0;
  let most = 0;
  sendMessage = async () => {
    most = Math.max(most, ++inProgress);
    await new Promise((resolve) => setTimeout(resolve));
    inProgress--;
    return { sequence: 1n };
  };
  const channel = open();
  for (const id of ['m1', 'm2', 'm3']) {
    channel.send(id, 'hi');
  }
  await until(() => expect(acknowledged.map(({ id }) => id)).toEqual(['m1', 'm2', 'm3']));
  expect(most).toBe(1);
  channel.close();
});

test('a refusal that blames the message is final', async () => {
  sendMessage = () => Promise.reject(new ConnectError('content: too long', Code.InvalidArgument));
  const channel = open();
  channel.send('m1', 'hi');
  await until(() =>
    expect(refused).toEqual([
      { id: 'm1', reason: '[invalid_argument] content: too long', retryAfterMs: undefined },
    ]),
  );
  channel.close();
});

test('a refusal for now may be retried', async () => {
  sendMessage = () => Promise.reject(new ConnectError('stopping', Code.Unavailable));
  const channel = open();
  channel.send('m1', 'hi');
  await until(() => expect(refused).toMatchObject([{ id: 'm1', retryAfterMs: 0 }]));
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
  await until(() => expect(ends).toMatchObject([{ mayReconnect }]));
});

test('a stream that the server completes is opened again', async () => {
  subscribe = () => stream([], Promise.resolve());
  open();
  await until(() => expect(ends).toEqual([{ reason: 'the server ended the stream', mayReconnect: true }]));
});

test('after close nothing more is heard', async () => {
  let answer: () => void = () => {};
  sendMessage = () =>
    new Promise((resolve) => {
      answer = () => resolve({ sequence: 1n });
    });
  const channel = open();
  channel.send('m1', 'hi');
  await until(() => expect(calls).toHaveLength(2));
  channel.close();
  channel.close();
  channel.send('m2', 'too late');
  answer();
  // What was under way has come back by the time that another channel has made the same way there and back.
  sendMessage = async () => ({ sequence: 2n });
  const other = open();
  other.send('m3', 'hi');
  await until(() => expect(acknowledged).toHaveLength(1));
  expect([acknowledged, received, refused, ends]).toEqual([[{ id: 'm3', sequence: 2n }], [], [], []]);
  other.close();
});

test('typing is a call that nobody waits for', async () => {
  sendMessage = ({ event }) =>
    event.case === 'typing'
      ? Promise.reject(new ConnectError('too fast', Code.ResourceExhausted))
      : Promise.resolve({ sequence: 7n });
  const channel = open();
  channel.sendTyping();
  channel.send('m1', 'hi');
  await until(() => expect(acknowledged).toHaveLength(1));
  expect(calls).toContain('ann@tea  typing');
  expect([refused, ends]).toEqual([[], []]);
  channel.close();
});

test('older messages are one call, and its answer comes as the event that other channels bring', async () => {
  const channel = open();
  channel.readHistory('older-1', 4n, 50);
  await until(() =>
    expect(received).toMatchObject([
      { id: 'older-1', event: { case: 'history', value: { messages: [{ content: 'old' }], more: true } } },
    ]),
  );
  expect(calls).toContain('ann@tea 50 before 4');
  channel.close();
});

test('a page that is refused is a refusal under its id', async () => {
  readHistory = () => {
    throw new ConnectError('limit: 500', Code.InvalidArgument);
  };
  const channel = open();
  channel.readHistory('older-1', 4n, 500);
  await until(() =>
    expect(refused).toEqual([
      { id: 'older-1', reason: '[invalid_argument] limit: 500', retryAfterMs: undefined },
    ]),
  );
  channel.close();
});

test('a call without an answer of the server ends the channel: whether the message arrived is not known', async () => {
  const channel = open();
  await until(() => expect(calls).toHaveLength(1));
  networkFails = true;
  channel.send('m1', 'hi');
  channel.send('m2', 'ho');
  await until(() => expect(ends).toEqual([{ reason: 'Failed to fetch', mayReconnect: true }]));
  expect(refused).toEqual([]);
});

test('a request that does not get through ends the channel, to be opened again', async () => {
  networkFails = true;
  open();
  await until(() => expect(ends).toEqual([{ reason: 'Failed to fetch', mayReconnect: true }]));
});

test('requests and the bytes of their bodies are counted: five of each frame and the trailers, too', async () => {
  subscribe = (signal) => stream(['one'], aborted(signal));
  const channel = open();
  await until(() => expect(received).toHaveLength(1));
  // user_id, room, and a join with its history.
  expect(meter.traffic).toEqual({ requests: 1, bytesSent: 5 + 5 + 5 + 4, bytesReceived: 5 + 5 });
  channel.send('m1', 'hi');
  await until(() => expect(acknowledged).toHaveLength(1));
  expect(meter.traffic.requests).toBe(2);
  // A message with a sequence, and the trailers.
  expect(meter.traffic.bytesReceived - 10).toBe(5 + 2 + 5 + 'grpc-status: 0\r\n'.length);
  channel.close();
});

import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient, createRouterTransport } from '@connectrpc/connect';
import { beforeEach, expect, test } from 'vitest';
import {
  ChatService,
  JoinSchema,
  type Message,
  MessageResponseSchema,
  MessageSchema,
} from '../gen/duplexer/chat/v1/chat_pb';
import type { Acknowledgement, Channel, ChannelEnd, Refusal } from './channel';
import { grpcWebChannel } from './grpcWebChannel';

/** What the server does, replaced by each spec; by default a stream without messages that stays open. */
let subscribe: (signal: AbortSignal) => AsyncIterable<Message>;
let sendMessage: (message: Message) => Promise<{ sequence: bigint }>;
let calls: string[];
let received: Message[];
let acknowledged: Acknowledgement[];
let refused: Refusal[];
let ends: ChannelEnd[];

beforeEach(() => {
  subscribe = (signal) => stream([], aborted(signal));
  sendMessage = async () => ({ sequence: 7n });
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
const settled = () => new Promise((resolve) => setTimeout(resolve));

function open(): Channel {
  const transport = createRouterTransport(({ service }) =>
    service(ChatService, {
      sendMessage: async (message) => {
        calls.push(`${message.userId}@${message.room} ${message.id} ${message.content}`);
        return create(MessageResponseSchema, await sendMessage(message));
      },
      subscribeToMessages: (request, { signal }) => {
        calls.push(`${request.userId}@${request.room} history ${request.join?.history}`);
        return subscribe(signal);
      },
    }),
  );
  const join = create(JoinSchema, { history: 50 });
  return grpcWebChannel(createClient(ChatService, transport))(
    { userId: 'ann', room: 'tea', join },
    {
      onMessage: (message) => received.push(message),
      onAcknowledged: (acknowledgement) => acknowledged.push(acknowledgement),
      onRefused: (refusal) => refused.push(refusal),
      onEnd: (end) => ends.push(end),
    },
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

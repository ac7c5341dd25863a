import { create, fromBinary } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { setTrailerStatus } from '@connectrpc/connect/protocol-grpc-web';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  ChatService,
  MessageResponseSchema,
  MessageSchema,
  RejectedSchema,
} from '../gen/duplexer/chat/v1/chat_pb';
import { createGrpcWebSocketTransport, type GrpcWebSocketTransportOptions } from './index.js';
import { FakeWebSocket } from './testing/fakeWebSocket.js';
import { FakeWebSocketStream } from './testing/fakeWebSocketStream.js';
import { block, frame, join, message, text } from './testing/serverBytes.js';
import { settle } from './testing/turns.js';

const OK = block({ 'grpc-status': '0', 'x-trailer': 'last' });

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.unstubAllGlobals();
  FakeWebSocket.all.length = 0;
});

function client(options: Partial<GrpcWebSocketTransportOptions> = {}) {
  return createClient(
    ChatService,
    createGrpcWebSocketTransport({ baseUrl: 'http://chat.test/api', webSocket: FakeWebSocket, ...options }),
  );
}

/** What became of a promise, as a value, so that nothing is left unhandled. */
function outcome<T>(promise: Promise<T>): Promise<T | ConnectError> {
  return promise.catch((error: unknown) => ConnectError.from(error));
}

/** Reads a stream to its end or its error. */
function readAll(stream: AsyncIterable<{ readonly content: string }>) {
  const got: string[] = [];
  const end = (async () => {
    for await (const { content } of stream) {
      got.push(content);
    }
    return 'complete' as const;
  })();
  return { got, end: outcome(end) };
}

/** The newest socket, once the call has made and opened it. */
async function opened(): Promise<FakeWebSocket> {
  await settle();
  const socket = FakeWebSocket.current;
  socket.open();
  await settle();
  return socket;
}

function line(content: string) {
  return message(MessageSchema, create(MessageSchema, { content }));
}

/** An endless stream of messages that the spec feeds. */
function outgoing() {
  const state = { asked: 0, returned: false, send: (_content: string) => {}, end: () => {} };
  const stream: AsyncIterable<{ content: string }> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        state.asked++;
        return new Promise((resolve) => {
          state.send = (content) => resolve({ done: false, value: { content } });
          state.end = () => resolve({ done: true, value: undefined });
        });
      },
      return: async () => {
        state.returned = true;
        return { done: true, value: undefined };
      },
      throw: async () => ({ done: true, value: undefined }),
    }),
  };
  return { state, stream };
}

test('a call is one WebSocket at its method: headers, the message, the half-close', async () => {
  const call = client().sendMessage({ content: 'hi' }, { headers: { 'X-Tag': 'a' }, timeoutMs: 1_500 });
  const socket = await opened();
  expect([socket.url, socket.protocols]).toEqual([
    'ws://chat.test/api/duplexer.chat.v1.ChatService/SendMessage',
    ['grpc-websockets'],
  ]);
  const [headers, data, end, ...rest] = socket.sent;
  expect(text(headers ?? new Uint8Array())).toBe(
    'content-type: application/grpc-web+proto\r\ngrpc-timeout: 1500m\r\nx-grpc-web: 1\r\nx-tag: a\r\nx-user-agent: connect-es/2.2.0\r\n',
  );
  expect([...(data?.subarray(0, 5) ?? [])]).toEqual([0, 0, 0, 0, 0]);
  expect(fromBinary(MessageSchema, data?.subarray(6) ?? new Uint8Array()).content).toBe('hi');
  expect([end, rest]).toEqual([Uint8Array.of(1), []]);

  socket.respond();
  socket.receive(message(MessageResponseSchema, create(MessageResponseSchema, { messageId: 'm1' })));
  socket.receive(OK);
  expect((await call).messageId).toBe('m1');
  expect(FakeWebSocket.all).toHaveLength(1);
});

test('nothing is sent before the socket is open', async () => {
  const call = outcome(client().sendMessage({}));
  await settle();
  expect(FakeWebSocket.current.sent).toEqual([]);
  FakeWebSocket.current.end(1006);
  await call;
});

test('the trailers end the call, without the close, and close the socket', async () => {
  const { got, end } = readAll(client().subscribeToMessages({}));
  const socket = await opened();
  socket.respond();
  socket.receive(join(line('a'), line('b')));
  socket.receive(OK);
  expect(await end).toBe('complete');
  expect([got, socket.closedWith]).toEqual([['a', 'b'], [1000]]);
});

test('a header block, a message and the trailers may each be split over messages', async () => {
  const { got, end } = readAll(client().subscribeToMessages({}));
  const socket = await opened();
  for (const byte of join(block({ 'x-a': '1' }), line('a'), OK)) {
    socket.receive(Uint8Array.of(byte));
    await settle();
  }
  expect([await end, got]).toEqual(['complete', ['a']]);
});

test('more bytes after the trailers are ignored', async () => {
  const { got, end } = readAll(client().subscribeToMessages({}));
  const socket = await opened();
  socket.respond();
  socket.receive(join(OK, line('late')));
  socket.receive(line('later'));
  expect([await end, got]).toEqual(['complete', []]);
});

test('headers are there before the first message, trailers at the end, binary values intact', async () => {
  const seen: string[] = [];
  const stream = client().subscribeToMessages(
    {},
    {
      onHeader: (header) => seen.push(`header ${header.get('x-echo-bin')}`),
      onTrailer: (trailer) => seen.push(`trailer ${trailer.get('x-trailer')}`),
    },
  );
  const { end } = readAll(stream);
  const socket = await opened();
  socket.respond({ 'x-echo-bin': 'AAH/' });
  await settle();
  expect(seen).toEqual(['header AAH/']);
  socket.receive(OK);
  expect(await end).toBe('complete');
  expect(seen).toEqual(['header AAH/', 'trailer last']);
});

test('a bidirectional stream goes both ways at once', async () => {
  const { state, stream } = outgoing();
  const { got, end } = readAll(client().chat(stream));
  const socket = await opened();
  socket.respond();
  for (const [index, content] of ['a', 'b', 'c'].entries()) {
    state.send(content);
    await settle();
    expect(socket.sent).toHaveLength(index + 2);
    socket.receive(line(content));
    await settle();
    expect(got).toHaveLength(index + 1);
  }
  state.end();
  await settle();
  expect(socket.sent.at(-1)).toEqual(Uint8Array.of(1));
  socket.receive(OK);
  expect(await end).toBe('complete');
});

test('the trailers stop the sending of a client that is not done', async () => {
  const { state, stream } = outgoing();
  const { end } = readAll(client().chat(stream));
  const socket = await opened();
  socket.respond();
  socket.receive(OK);
  expect(await end).toBe('complete');
  state.send('too late');
  await settle();
  expect([socket.sent.length, state.returned]).toEqual([1, true]);
});

test('the application is asked for the next message only when there is room', async () => {
  const { state, stream } = outgoing();
  const { end } = readAll(client({ highWaterMarkBytes: 10 }).chat(stream));
  const socket = await opened();
  socket.bufferedAmount = 11;
  state.send('a');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(state.asked).toBe(1);
  socket.bufferedAmount = 10;
  await vi.advanceTimersByTimeAsync(64);
  expect(state.asked).toBe(2);
  socket.end(1006);
  await end;
});

test('an error of the application ends the call and closes the socket', async () => {
  async function* failing() {
    yield { content: 'a' };
    throw new Error('no more');
  }
  const { end } = readAll(client().chat(failing()));
  const socket = await opened();
  expect(await end).toMatchObject({ rawMessage: 'no more' });
  expect(socket.closedWith).toEqual([1000]);
});

test('a status that is not OK is the error, with its message, details and metadata', async () => {
  const trailers = new Headers({ 'x-trailer': 'last' });
  const value = { code: 8, reason: 'slow down', retryAfterMillis: 40 };
  setTrailerStatus(
    trailers,
    new ConnectError('zu viel: 5 %', 8, undefined, [{ desc: RejectedSchema, value }]),
  );
  const call = outcome(client().sendMessage({}));
  const socket = await opened();
  socket.respond({ 'x-a': '1' });
  socket.receive(block(trailers));
  const error = ConnectError.from(await call);
  expect([error.code, error.rawMessage]).toEqual([Code.ResourceExhausted, 'zu viel: 5 %']);
  expect(error.findDetails(RejectedSchema)).toEqual([create(RejectedSchema, value)]);
  expect([error.metadata.get('x-trailer'), error.metadata.get('x-a')]).toEqual(['last', '1']);
});

const REFUSED = block({ 'grpc-status': '7', 'grpc-message': 'not%20you', 'x-trailer': 'last' });

test('trailers alone end a unary call', async () => {
  const call = outcome(client().sendMessage({}));
  (await opened()).receive(REFUSED);
  expect(await call).toMatchObject({ code: Code.PermissionDenied, rawMessage: 'not you' });
});

test('trailers alone fail a stream before it has a response, as over gRPC-Web', async () => {
  const seen: unknown[] = [];
  const interceptor: Interceptor = (next) => (request) =>
    next(request).catch((error: unknown) => {
      seen.push(error);
      throw error;
    });
  const { end } = readAll(client({ interceptors: [interceptor] }).subscribeToMessages({}));
  (await opened()).receive(REFUSED);
  const error = ConnectError.from(await end);
  expect([error.code, error.metadata.get('x-trailer')]).toEqual([Code.PermissionDenied, 'last']);
  expect(seen).toEqual([error]);
});

test('trailers alone with status OK are an empty stream, and its trailers are handed out', async () => {
  const trailers: (string | null)[] = [];
  const stream = client().subscribeToMessages({}, { onTrailer: (t) => trailers.push(t.get('x-trailer')) });
  const { got, end } = readAll(stream);
  (await opened()).receive(OK);
  expect([await end, got, trailers]).toEqual(['complete', [], ['last']]);
});

test('interceptors see the request and the response', async () => {
  const seen: string[] = [];
  const interceptor: Interceptor = (next) => async (request) => {
    request.header.set('authorization', 'Bearer t');
    seen.push(request.url);
    const response = await next(request);
    seen.push(response.header.get('x-a') ?? '');
    return response;
  };
  const { end } = readAll(client({ interceptors: [interceptor] }).subscribeToMessages({}));
  const socket = await opened();
  expect(text(socket.sent[0] ?? new Uint8Array())).toContain('authorization: Bearer t\r\n');
  socket.respond({ 'x-a': '1' });
  socket.receive(OK);
  expect(await end).toBe('complete');
  expect(seen).toEqual(['ws://chat.test/api/duplexer.chat.v1.ChatService/SubscribeToMessages', '1']);
});

test('aborting while the socket opens closes it at once', async () => {
  const controller = new AbortController();
  const call = outcome(client().sendMessage({}, { signal: controller.signal }));
  await settle();
  controller.abort();
  expect(FakeWebSocket.current.closedWith).toEqual([1000]);
  expect(await call).toMatchObject({ code: Code.Canceled });
});

test('aborting a stream closes the socket at once and drops what was not read', async () => {
  const controller = new AbortController();
  const { state, stream } = outgoing();
  const messages = client().chat(stream, { signal: controller.signal })[Symbol.asyncIterator]();
  const first = messages.next();
  const socket = await opened();
  socket.respond();
  socket.receive(join(line('a'), line('b')));
  expect((await first).value?.content).toBe('a');
  controller.abort();
  expect(socket.closedWith).toEqual([1000]);
  expect(await outcome(messages.next())).toMatchObject({ code: Code.Canceled });
  expect(state.returned).toBe(true);
});

test('with a signal that is aborted already no socket is opened', async () => {
  const call = outcome(client().sendMessage({}, { signal: AbortSignal.abort() }));
  expect(await call).toMatchObject({ code: Code.Canceled });
  expect(FakeWebSocket.all).toEqual([]);
});

test('leaving the page closes the sockets of its calls, and a call that has ended does not hear of it', async () => {
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  const removeListener = vi.fn(page.removeEventListener.bind(page));
  vi.stubGlobal('removeEventListener', removeListener);
  const { end } = readAll(client().chat(outgoing().stream));
  const socket = await opened();
  socket.respond();
  page.dispatchEvent(new Event('pagehide'));
  expect(socket.closedWith).toEqual([1000]);
  expect(await end).toMatchObject({ code: Code.Unavailable, rawMessage: 'the page was left' });
  expect(removeListener).toHaveBeenCalledOnce();
});

test('aborting after the end does nothing', async () => {
  const controller = new AbortController();
  const { end } = readAll(client().subscribeToMessages({}, { signal: controller.signal }));
  const socket = await opened();
  socket.receive(OK);
  expect(await end).toBe('complete');
  controller.abort();
  expect(socket.closedWith).toEqual([1000]);
});

test.for([
  ['of the call', {}, { timeoutMs: 500 }],
  ['of the transport', { defaultTimeoutMs: 500 }, {}],
] as const)(
  'the time limit %s fails it with DeadlineExceeded and closes the socket',
  async ([, options, call]) => {
    const { end } = readAll(client(options).subscribeToMessages({}, call));
    const socket = await opened();
    socket.respond();
    expect(text(socket.sent[0] ?? new Uint8Array())).toContain('grpc-timeout: 500m\r\n');
    await vi.advanceTimersByTimeAsync(499);
    expect(socket.closedWith).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(socket.closedWith).toEqual([1000]);
    expect(await end).toMatchObject({ code: Code.DeadlineExceeded });
  },
);

test.for([
  ['a call', { defaultTimeoutMs: 500 }, { timeoutMs: 0 }],
  ['the transport', { defaultTimeoutMs: 0 }, {}],
] as const)('a time limit of 0 for %s is none', async ([, options, call]) => {
  const { end } = readAll(client(options).subscribeToMessages({}, call));
  const socket = await opened();
  expect(text(socket.sent[0] ?? new Uint8Array())).not.toContain('grpc-timeout');
  expect(vi.getTimerCount()).toBe(0);
  socket.receive(OK);
  expect(await end).toBe('complete');
});

test.for([
  [99_999_999, 99_999_999],
  [100_000_000, 99_999_999],
  [2 ** 31, 99_999_999],
] as const)('a time limit of %d ms is one of %d', async ([timeoutMs, actualMs]) => {
  const { end } = readAll(client().subscribeToMessages({}, { timeoutMs }));
  const socket = await opened();
  expect(text(socket.sent[0] ?? new Uint8Array())).toContain(`grpc-timeout: ${actualMs}m\r\n`);
  await vi.advanceTimersByTimeAsync(actualMs - 1);
  expect(socket.closedWith).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(await end).toMatchObject({ code: Code.DeadlineExceeded });
});

test('a socket that does not open is Unavailable', async () => {
  const call = outcome(client().sendMessage({}));
  await settle();
  FakeWebSocket.current.end(1006);
  expect(await call).toMatchObject({
    code: Code.Unavailable,
    rawMessage: expect.stringMatching(/^the WebSocket did not open: browsers hide the reason.*1006\)$/),
  });
});

test.for([
  ['before the headers', false],
  ['before the trailers', true],
] as const)('a close %s is Unavailable, with code and reason', async ([, withHeaders]) => {
  const { got, end } = readAll(client().subscribeToMessages({}));
  const socket = await opened();
  if (withHeaders) {
    socket.respond();
    socket.receive(line('a'));
  }
  socket.end(3012, 'no pong');
  expect(await end).toMatchObject({
    code: Code.Unavailable,
    rawMessage: 'the WebSocket ended before the call did: no pong (close code 3012)',
  });
  expect(got).toEqual(withHeaders ? ['a'] : []);
});

test.for<[string, (socket: FakeWebSocket) => void, Code]>([
  ['a text message', (socket) => socket.receiveText('hi'), Code.Internal],
  ['a message before the headers', (socket) => socket.receive(line('a')), Code.Internal],
  [
    'a compressed message',
    (socket) => {
      socket.respond();
      socket.receive(frame(1, Uint8Array.of(1)));
    },
    Code.Internal,
  ],
  [
    'a response encoding',
    (socket) => {
      socket.respond({ 'grpc-encoding': 'gzip' });
    },
    Code.Internal,
  ],
  [
    'trailers without a status',
    (socket) => {
      socket.respond();
      socket.receive(block({ 'x-a': '1' }));
    },
    Code.Internal,
  ],
  [
    'a message longer than readMaxBytes, by its length alone',
    (socket) => {
      socket.respond();
      socket.receive(Uint8Array.of(0, 0, 0, 4, 1));
    },
    Code.ResourceExhausted,
  ],
])('%s is an error and closes the socket', async ([, misbehave, code]) => {
  const { end } = readAll(client({ readMaxBytes: 1_024 }).subscribeToMessages({}));
  const socket = await opened();
  misbehave(socket);
  expect(await end).toMatchObject({ code });
  expect(socket.closedWith).toEqual([1000]);
});

test('a unary answer that cannot be read closes the socket too', async () => {
  const call = outcome(client().sendMessage({}));
  const socket = await opened();
  socket.respond();
  socket.receive(frame(0, Uint8Array.of(0xff)));
  expect(await call).toBeInstanceOf(ConnectError);
  expect(socket.closedWith).toEqual([1000]);
});

test('a message longer than writeMaxBytes is not sent', async () => {
  const call = outcome(client({ writeMaxBytes: 10 }).sendMessage({ content: 'eleven bytes' }));
  const socket = await opened();
  expect(await call).toMatchObject({ code: Code.ResourceExhausted });
  expect([socket.sent.length, socket.closedWith]).toEqual([1, [1000]]);
});

test('more than maxQueuedBytes unread ends the call instead of filling the memory', async () => {
  const messages = client({ maxQueuedBytes: 1_200 }).subscribeToMessages({})[Symbol.asyncIterator]();
  const first = messages.next();
  const socket = await opened();
  socket.respond();
  socket.receive(line('a'));
  expect((await first).value?.content).toBe('a');
  socket.receive(line('b'.repeat(900)));
  expect(socket.closedWith).toEqual([]);
  socket.receive(line('c'.repeat(900)));
  expect(socket.closedWith).toEqual([1000]);
  expect(await outcome(messages.next())).toMatchObject({ code: Code.ResourceExhausted });
});

test('metadata that is not ASCII is refused before a socket is opened', async () => {
  const call = outcome(client().sendMessage({}, { headers: { 'x-name': 'gr\u00fc\u00df' } }));
  expect(await call).toMatchObject({ code: Code.InvalidArgument });
  expect(FakeWebSocket.all).toEqual([]);
});

test('a socket that the platform refuses to make is Internal', async () => {
  class Refused extends FakeWebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      throw new Error('mixed content');
    }
  }
  const call = outcome(client({ webSocket: Refused }).sendMessage({}));
  expect(await call).toMatchObject({ code: Code.Internal, rawMessage: 'mixed content' });
});

test('JSON goes as JSON', async () => {
  const call = client({ useBinaryFormat: false }).sendMessage({ userId: 'ann' });
  const socket = await opened();
  expect(text(socket.sent[0] ?? new Uint8Array())).toContain('content-type: application/grpc-web+json\r\n');
  expect(text(socket.sent[1]?.subarray(6) ?? new Uint8Array())).toBe('{"userId":"ann"}');
  socket.respond();
  socket.receive(frame(0, new TextEncoder().encode('{"messageId":"m1"}')));
  socket.receive(OK);
  expect((await call).messageId).toBe('m1');
});

test('a relative address is that of the page, and the socket its own', async () => {
  vi.stubGlobal('location', { href: 'https://chat.example/room/' });
  vi.stubGlobal('WebSocket', FakeWebSocket);
  vi.stubGlobal('WebSocketStream', undefined);
  const chat = createClient(ChatService, createGrpcWebSocketTransport({ baseUrl: '/' }));
  const call = outcome(chat.sendMessage({}));
  await settle();
  expect(FakeWebSocket.current.url).toBe('wss://chat.example/duplexer.chat.v1.ChatService/SendMessage');
  FakeWebSocket.current.end(1006);
  await call;
});

test('with a WebSocketStream it reads no further than 64 KiB ahead of the application', async () => {
  vi.stubGlobal('WebSocketStream', FakeWebSocketStream);
  const chat = createClient(ChatService, createGrpcWebSocketTransport({ baseUrl: 'http://chat.test' }));
  const messages = chat.subscribeToMessages({})[Symbol.asyncIterator]();
  const first = messages.next();
  await settle();
  const stream = FakeWebSocketStream.current;
  await stream.open();
  stream.receive(block({ 'content-type': 'application/grpc-web+proto' }).buffer);
  for (let i = 0; i < 10; i++) {
    stream.receive(line('x'.repeat(30_000)).buffer);
  }
  await first;
  await settle();
  // One was handed out, three wait: 90 kB are above 64 KiB, 60 kB are not.
  expect(stream.unread).toBe(6);
  await messages.next();
  await settle();
  expect(stream.unread).toBe(5);
  const rest = outcome(messages.next());
  stream.end(1001, 'bye');
  await rest;
  vi.unstubAllGlobals();
  expect(stream.closedWith).toEqual([]);
});

test('without any WebSocket the transport cannot be made', () => {
  vi.stubGlobal('WebSocket', undefined);
  vi.stubGlobal('WebSocketStream', undefined);
  expect(() => createGrpcWebSocketTransport({ baseUrl: 'http://chat.test' })).toThrow(
    'webSocket: none (expected: a class, as this platform has no WebSocket of its own)',
  );
});

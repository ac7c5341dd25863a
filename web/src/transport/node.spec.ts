import { type Message as AnyMessage, create } from '@bufbuild/protobuf';
import {
  Code,
  ConnectError,
  createClient,
  decodeBinaryHeader,
  encodeBinaryHeader,
} from '@connectrpc/connect';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import readme from '../../README.md?raw';
import {
  ChatService,
  type Message,
  MessageResponseSchema,
  MessageSchema,
  RejectedSchema,
  UploadSummarySchema,
} from '../gen/duplexer/chat/v1/chat_pb';
import { createGrpcWebSocketTransport, type GrpcWebSocketTransportOptions } from './index.js';
import packageReadme from './package/README.md?raw';
import { greet } from './testing/example.js';
import exampleSource from './testing/example.ts?raw';
import { NodeServer } from './testing/nodeServer.js';

// Real sockets of npm's `ws` against a server that speaks the other half, on a real port.
let server: NodeServer;

/** Answers to be, whatever their type. */
async function* yielding(...messages: AnyMessage[]) {
  yield* messages;
}

beforeAll(async () => {
  server = await NodeServer.start([
    [
      ChatService.method.sendMessage,
      async function* ({ header, requests, responseHeader, trailer }) {
        for await (const request of requests as AsyncIterable<Message>) {
          if (request.content === '') {
            trailer.set('x-why', 'empty');
            throw new ConnectError(
              'content: none (expected: 1 byte or more)',
              Code.InvalidArgument,
              undefined,
              [{ desc: RejectedSchema, value: { code: 3, reason: 'grüß dich' } }],
            );
          }
          responseHeader.set('x-echo-bin', header.get('x-echo-bin') ?? '');
          trailer.set('x-trailer-bin', header.get('x-echo-bin') ?? '');
          yield create(MessageResponseSchema, { success: true, messageId: request.content });
        }
      },
    ],
    [
      ChatService.method.subscribeToMessages,
      async function* () {
        for (let sequence = 1n; sequence <= 1_000n; sequence++) {
          yield create(MessageSchema, { sequence, content: 'x'.repeat(1_000) });
        }
      },
    ],
    [
      ChatService.method.uploadMessages,
      async function* ({ requests }) {
        let received = 0n;
        for await (const _ of requests) {
          received++;
        }
        yield create(UploadSummarySchema, { received });
      },
    ],
    [
      ChatService.method.chat,
      async function* ({ requests, socket }) {
        for await (const request of requests as AsyncIterable<Message>) {
          if (request.content === 'die') {
            socket.close(4401, 'sign in again');
          }
          if (request.content === 'vanish') {
            socket.terminate();
          }
          yield* yielding(request);
        }
      },
    ],
  ]);
});

afterAll(() => server.stop());

function client(options: Partial<GrpcWebSocketTransportOptions> = {}) {
  const transport = createGrpcWebSocketTransport({ baseUrl: server.url, webSocket: WebSocket, ...options });
  return createClient(ChatService, transport);
}

async function* contents(...all: string[]) {
  for (const content of all) {
    yield { content };
  }
}

/** The error that a promise ends with. */
async function errorOf(promise: Promise<unknown>): Promise<ConnectError> {
  return promise.then(
    () => expect.unreachable('an error was expected'),
    (error: unknown) => ConnectError.from(error),
  );
}

async function drain(stream: AsyncIterable<{ readonly content: string }>): Promise<string[]> {
  const all: string[] = [];
  for await (const { content } of stream) {
    all.push(content);
  }
  return all;
}

test('unary, with binary metadata there and back', async () => {
  const bytes = Uint8Array.of(0, 255, 10, 13);
  const seen: Uint8Array[] = [];
  const answer = await client().sendMessage(
    { content: 'm1' },
    {
      headers: { 'x-echo-bin': encodeBinaryHeader(bytes) },
      onHeader: (header) => seen.push(decodeBinaryHeader(header.get('x-echo-bin') ?? '')),
      onTrailer: (trailer) => seen.push(decodeBinaryHeader(trailer.get('x-trailer-bin') ?? '')),
    },
  );
  expect([answer.messageId, seen.map((value) => [...value])]).toEqual(['m1', [[...bytes], [...bytes]]]);
});

test('server streaming, a thousand messages', async () => {
  expect(await drain(client().subscribeToMessages({}))).toHaveLength(1_000);
});

test('client streaming, sent as fast as a small high-water mark lets it', async () => {
  async function* many() {
    for (let i = 0; i < 500; i++) {
      yield { content: 'x'.repeat(10_000) };
    }
  }
  expect((await client({ highWaterMarkBytes: 20_000 }).uploadMessages(many())).received).toBe(500n);
});

test('bidirectional: each answer comes before the next message is sent', async () => {
  let release = () => {};
  const log: string[] = [];
  async function* turns() {
    for (const content of ['a', 'b', 'c']) {
      log.push(`sent ${content}`);
      yield { content };
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    }
  }
  for await (const { content } of client().chat(turns())) {
    log.push(`got ${content}`);
    release();
  }
  expect(log).toEqual(['sent a', 'got a', 'sent b', 'got b', 'sent c', 'got c']);
});

test('an error has its message, details and trailers', async () => {
  const error = await errorOf(client().sendMessage({}));
  expect([error.code, error.rawMessage, error.metadata.get('x-why')]).toEqual([
    Code.InvalidArgument,
    'content: none (expected: 1 byte or more)',
    'empty',
  ]);
  expect(error.findDetails(RejectedSchema)[0]?.reason).toBe('grüß dich');
});

test('aborting closes the socket; the server sees it', async () => {
  const controller = new AbortController();
  const before = server.closes.length;
  const stream = client().chat(contents('a'), { signal: controller.signal });
  const error = await errorOf(
    (async () => {
      for await (const _ of stream) {
        controller.abort();
      }
    })(),
  );
  expect(error.code).toBe(Code.Canceled);
  await vi.waitFor(() => expect(server.closes.slice(before)).toEqual([1000]));
});

test('aborting while the socket opens is Canceled and nothing else', async () => {
  const controller = new AbortController();
  const call = errorOf(client().sendMessage({}, { signal: controller.signal }));
  await Promise.resolve();
  controller.abort();
  expect((await call).code).toBe(Code.Canceled);
});

test('a time limit is DeadlineExceeded', async () => {
  async function* never() {
    yield { content: 'a' };
    await new Promise(() => {});
  }
  expect((await errorOf(client().uploadMessages(never(), { timeoutMs: 50 }))).code).toBe(
    Code.DeadlineExceeded,
  );
});

test.for([
  ['die', 'the WebSocket ended before the call did: sign in again (close code 4401)'],
  ['vanish', 'the WebSocket ended before the call did: the connection was lost (close code 1006)'],
] as const)('a server that closes the socket (%s) is Unavailable', async ([content, message]) => {
  const error = await errorOf(drain(client().chat(contents(content))));
  expect([error.code, error.rawMessage]).toEqual([Code.Unavailable, message]);
});

test('a method that the server does not have is Unimplemented', async () => {
  const elsewhere = client({ baseUrl: `${server.url}/elsewhere` });
  expect((await errorOf(elsewhere.sendMessage({ content: 'a' }))).code).toBe(Code.Unimplemented);
});

test('a server that is not there is Unavailable, with the reason that Node gives', async () => {
  const gone = await NodeServer.start([]);
  const { url } = gone;
  await gone.stop();
  const error = await errorOf(client({ baseUrl: url }).sendMessage({}));
  expect([error.code, error.rawMessage]).toEqual([
    Code.Unavailable,
    expect.stringMatching(/^the WebSocket did not open: .*ECONNREFUSED.*\(close code 1006\)$/),
  ]);
});

test('the example of the documentation is this one, and it works', async () => {
  async function* names() {
    yield 'Ann';
    yield 'Bob';
  }
  const said: string[] = [];
  for await (const content of greet(server.url, names())) {
    said.push(content);
  }
  expect(said).toEqual(['Ann says hello', 'Bob says hello']);

  const published = exampleSource
    .replace("'../index.js'", "'@duplexer/grpc-websocket-transport'")
    .replace("'../../gen/", "'./gen/");
  expect(readme).toContain(published);
  expect(packageReadme).toContain(published);
});

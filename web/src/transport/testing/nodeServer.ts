import { type DescMethod, fromBinary, type Message, toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { setTrailerStatus } from '@connectrpc/connect/protocol-grpc-web';
import { type ServerSocket, WebSocketServer } from 'ws';
import { block, frame, text } from './serverBytes.js';

/** What a spec's method is given of one call. */
export interface ServedCall {
  readonly header: Headers;
  /** The messages of the client, up to its half-close. */
  readonly requests: AsyncIterable<Message>;
  readonly responseHeader: Headers;
  readonly trailer: Headers;
  readonly socket: ServerSocket;
}

/** A method yields its answers, and throws its status if that is not OK. */
export type ServedMethod = (call: ServedCall) => AsyncIterable<Message>;

/** The server half of `grpc-websockets` on a real port, for one service. */
export class NodeServer {
  /** How each socket was closed, in order: 1000 for a call that ended, or was cancelled by a page. */
  readonly closes: number[] = [];
  readonly #server: WebSocketServer;
  readonly #sockets = new Set<ServerSocket>();

  private constructor(server: WebSocketServer) {
    this.#server = server;
  }

  static async start(methods: readonly (readonly [DescMethod, ServedMethod])[]): Promise<NodeServer> {
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: 0,
      handleProtocols: (offered) => (offered.has('grpc-websockets') ? 'grpc-websockets' : false),
    });
    const started = new NodeServer(server);
    server.on('connection', (socket, { url }) => {
      started.#sockets.add(socket);
      socket.on('close', (code) => started.closes.push(code));
      const served = methods.find(([{ parent, name }]) => url === `/${parent.typeName}/${name}`);
      serve(socket, served);
    });
    await new Promise<void>((resolve) => server.on('listening', resolve));
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  stop(): Promise<void> {
    for (const socket of this.#sockets) {
      socket.terminate();
    }
    return new Promise((resolve) => this.#server.close(resolve));
  }
}

function serve(socket: ServerSocket, served: readonly [DescMethod, ServedMethod] | undefined): void {
  const incoming: Uint8Array[] = [];
  let wake = () => {};
  let closed = false;
  socket.on('message', (data) => {
    incoming.push(data);
    wake();
  });
  socket.on('close', () => {
    closed = true;
    wake();
  });

  async function take(): Promise<Uint8Array> {
    for (;;) {
      const next = incoming.shift();
      if (next) {
        return next;
      }
      if (closed) {
        throw new ConnectError('the client is gone', Code.Canceled);
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  async function* requests(method: DescMethod): AsyncGenerator<Message> {
    for (let data = await take(); !(data.length === 1 && data[0] === 1); data = await take()) {
      // One whole frame a message: 00, then 00 and the length.
      yield fromBinary(method.input, data.subarray(6));
    }
  }

  async function run(): Promise<void> {
    const header = parseHeaders(text(await take()));
    const responseHeader = new Headers({ 'content-type': 'application/grpc-web+proto' });
    const trailer = new Headers();
    if (!served) {
      setTrailerStatus(trailer, new ConnectError('no such method', Code.Unimplemented));
      socket.send(block(trailer));
    } else {
      const [method, answer] = served;
      let headersSent = false;
      const sendHeaders = () => {
        if (!headersSent) {
          headersSent = true;
          socket.send(block(responseHeader));
        }
      };
      try {
        for await (const message of answer({
          header,
          requests: requests(method),
          responseHeader,
          trailer,
          socket,
        })) {
          sendHeaders();
          socket.send(frame(0, toBinary(method.output, message)));
        }
        sendHeaders();
        setTrailerStatus(trailer, undefined);
      } catch (error) {
        setTrailerStatus(trailer, ConnectError.from(error));
      }
      socket.send(block(trailer));
    }
    socket.close(1000);
  }

  // Fails when the client is gone, which the spec sees in `closes`.
  run().catch(() => {});
}

function parseHeaders(lines: string): Headers {
  const headers = new Headers();
  for (const line of lines.split('\r\n').slice(0, -1)) {
    const colon = line.indexOf(': ');
    headers.append(line.slice(0, colon), line.slice(colon + 2));
  }
  return headers;
}

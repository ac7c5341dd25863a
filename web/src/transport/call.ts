import { Code, ConnectError } from '@connectrpc/connect';
import type {
  UniversalClientFn,
  UniversalClientRequest,
  UniversalClientResponse,
} from '@connectrpc/connect/protocol';
import { closeError } from './closeError.js';
import type { Connect, Connection, ConnectionEnd, ConnectionListener } from './connection.js';
import { Inbox } from './inbox.js';
import { type Bytes, encodeData, encodeRequestHeaders, HALF_CLOSE } from './requestCodec.js';
import { ResponseReader } from './responseReader.js';

/** What bounds the memory of one call. */
export interface CallLimits {
  /** The longest header block; Connect itself bounds the messages. */
  readonly readMaxBytes: number;
  /** Above it the server is made to wait, where the connection can do that. */
  readonly readAheadBytes: number;
  /** More than this may never wait to be read. */
  readonly maxQueuedBytes: number;
}

/** An HTTP client for Connect that makes each request on a WebSocket of its own. */
export function callClient(connect: Connect, limits: CallLimits): UniversalClientFn {
  return (request) =>
    new Promise((resolve, reject) => new Call(connect, limits, request, resolve, reject).start());
}

/** The page, or nothing that matters where there is none. */
const page = globalThis as {
  addEventListener?(type: 'pagehide', listener: () => void): void;
  removeEventListener?(type: 'pagehide', listener: () => void): void;
};

/**
 * One call on one WebSocket.
 *
 * ```
 * connecting ── onOpen ──> awaitingHeaders ── header block ──> receiving ── trailers ──> ended
 *      └──────────────┴── abort, close, error, or a reader that stops ──┴──────────────────^
 * ```
 *
 * Sending runs beside it, from the opening until the half-close or the end. `ended` closes the socket and stops both.
 */
class Call implements ConnectionListener {
  readonly #connect: Connect;
  readonly #limits: CallLimits;
  readonly #request: UniversalClientRequest;
  readonly #resolve: (response: UniversalClientResponse) => void;
  readonly #reject: (error: unknown) => void;
  readonly #reader: ResponseReader;
  readonly #inbox = new Inbox(() => this.#end());
  readonly #onAbort = () => this.#abort();
  /** Browsers may keep a page that was left, its sockets open, to come back to: nobody reads them there. */
  readonly #onPageHide = () => this.#fail(new ConnectError('the page was left', Code.Unavailable));
  #phase: 'connecting' | 'awaitingHeaders' | 'receiving' | 'ended' = 'connecting';
  #connection: Connection | undefined;
  #headers: Bytes | undefined;
  #frames: AsyncIterator<Uint8Array> | undefined;

  constructor(
    connect: Connect,
    limits: CallLimits,
    request: UniversalClientRequest,
    resolve: (response: UniversalClientResponse) => void,
    reject: (error: unknown) => void,
  ) {
    this.#connect = connect;
    this.#limits = limits;
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#reader = new ResponseReader(limits.readMaxBytes);
  }

  start(): void {
    const { url, header, signal } = this.#request;
    if (signal?.aborted) {
      this.#abort();
      return;
    }
    signal?.addEventListener('abort', this.#onAbort);
    page.addEventListener?.('pagehide', this.#onPageHide);
    try {
      this.#headers = encodeRequestHeaders(header);
      this.#connection = this.#connect(url, this);
    } catch (error) {
      this.#fail(ConnectError.from(error, Code.Internal));
    }
  }

  onOpen(): void {
    this.#phase = 'awaitingHeaders';
    this.#send().catch((error) => this.#fail(error));
  }

  /** Sends it all. The next message is asked for only when there is room for it. */
  async #send(): Promise<void> {
    const { body } = this.#request;
    if (this.#headers) {
      await this.#connection?.send(this.#headers);
    }
    this.#frames = body?.[Symbol.asyncIterator]();
    for (;;) {
      if (this.#ended()) {
        return;
      }
      const frame = await this.#frames?.next();
      if (this.#ended()) {
        return;
      }
      if (!frame || frame.done === true) {
        await this.#connection?.send(HALF_CLOSE);
        return;
      }
      await this.#connection?.send(encodeData(frame.value));
    }
  }

  onMessage(message: Uint8Array | string): Promise<void> | undefined {
    if (typeof message === 'string') {
      this.#fail(new ConnectError('protocol error: a WebSocket message that is not binary', Code.Internal));
      return undefined;
    }
    try {
      this.#receive(message);
    } catch (error) {
      this.#fail(error);
    }
    const { readAheadBytes, maxQueuedBytes } = this.#limits;
    if (this.#inbox.queuedBytes > maxQueuedBytes && !this.#ended()) {
      const problem = `${this.#inbox.queuedBytes} bytes wait to be read (expected: at most maxQueuedBytes, ${maxQueuedBytes})`;
      this.#inbox.clear();
      this.#fail(new ConnectError(problem, Code.ResourceExhausted));
    }
    return this.#inbox.queuedBytes > readAheadBytes ? this.#inbox.room(readAheadBytes) : undefined;
  }

  #receive(message: Uint8Array): void {
    for (const part of this.#reader.read(message)) {
      switch (part.kind) {
        case 'headers':
          this.#respond(part.headers);
          break;
        case 'trailersOnly':
          this.#respondOnce(part.headers, part.block);
          break;
        case 'body':
          this.#inbox.push(part.bytes);
          break;
        case 'end':
          this.#inbox.end();
          this.#end();
          break;
      }
    }
  }

  #respond(header: Headers): void {
    this.#phase = 'receiving';
    // The HTTP status is never sent: refusals come as a gRPC status.
    this.#resolve({ status: 200, header, body: this.#inbox, trailer: new Headers() });
  }

  /**
   * An error goes into the headers: Connect then ends the call before it has a response, as it does with gRPC-Web. Success
   * goes into the body: Connect would not hand out trailers that it finds in the headers.
   */
  #respondOnce(trailers: Headers, block: Uint8Array): void {
    if (trailers.get('grpc-status') === '0') {
      this.#inbox.push(block);
      this.#respond(new Headers());
    } else {
      this.#respond(trailers);
    }
  }

  onClose(end: ConnectionEnd): void {
    this.#fail(closeError(end, this.#phase !== 'connecting'));
  }

  #abort(): void {
    this.#inbox.clear();
    this.#fail(ConnectError.from(this.#request.signal?.reason, Code.Canceled));
  }

  #fail(error: unknown): void {
    if (!this.#ended()) {
      this.#reject(error);
      this.#inbox.fail(error);
      this.#end();
    }
  }

  #ended(): boolean {
    return this.#phase === 'ended';
  }

  /** Idempotent; also how a finished call is let go. */
  #end(): void {
    if (this.#ended()) {
      return;
    }
    this.#phase = 'ended';
    this.#request.signal?.removeEventListener('abort', this.#onAbort);
    page.removeEventListener?.('pagehide', this.#onPageHide);
    this.#connection?.close();
    // Not awaited: it settles only when the application's own iterator does.
    this.#frames?.return?.().catch(() => {});
  }
}

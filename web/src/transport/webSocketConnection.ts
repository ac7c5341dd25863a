import {
  type Connect,
  type Connection,
  type ConnectionListener,
  NORMAL_CLOSURE,
  SUBPROTOCOL,
} from './connection.js';
import type { Bytes } from './requestCodec.js';

/** What the transport needs of a WebSocket: the browser's, that of Node's `ws`, or one's own. */
export interface WebSocketLike {
  /** Set to `arraybuffer`. */
  binaryType: string;
  /** Bytes that were sent but not yet given to the network. */
  readonly bufferedAmount: number;
  // The parameters are `never` so that the types of every implementation fit.
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(data: Bytes): void;
  close(code?: number): void;
}

/** Makes a {@link WebSocketLike}. */
export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

/**
 * How long to wait before looking at `bufferedAmount` again, as there is no event for it: twice as long each time, so that a
 * fast network is not held up and a slow one costs little.
 */
const FIRST_LOOK_MS = 1;
const MAX_LOOK_MS = 64;

/**
 * Connections by plain WebSocket. It cannot make the server wait: what comes is delivered at once.
 *
 * @param highWaterMarkBytes sending waits while `bufferedAmount` is above it
 */
export function webSocketConnect(WebSocket: WebSocketConstructor, highWaterMarkBytes: number): Connect {
  return (url, listener) =>
    new WebSocketConnection(new WebSocket(url, [SUBPROTOCOL]), highWaterMarkBytes, listener);
}

class WebSocketConnection implements Connection {
  readonly #socket: WebSocketLike;
  readonly #highWaterMarkBytes: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopWaiting = () => {};
  #ended = false;

  constructor(socket: WebSocketLike, highWaterMarkBytes: number, listener: ConnectionListener) {
    this.#socket = socket;
    this.#highWaterMarkBytes = highWaterMarkBytes;
    let cause: unknown;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => listener.onOpen();
    // Not `instanceof`: under Node's `vm`, as in Jest, the socket's ArrayBuffer is another class than ours.
    socket.onmessage = ({ data }: { data: string | ArrayBuffer }) => {
      void listener.onMessage(typeof data === 'string' ? data : new Uint8Array(data));
    };
    // Always followed by a close. Node's `ws` throws where nobody listens, so it stays after the end.
    socket.onerror = (event: { error?: unknown }) => {
      cause = event.error;
    };
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => {
      this.#end();
      listener.onClose({ code, reason, cause });
    };
  }

  async send(message: Bytes): Promise<void> {
    if (this.#ended) {
      return;
    }
    this.#socket.send(message);
    if (this.#socket.bufferedAmount > this.#highWaterMarkBytes) {
      await new Promise<void>((resolve) => {
        this.#stopWaiting = resolve;
        this.#lookAgain(FIRST_LOOK_MS);
      });
    }
  }

  #lookAgain(delayMs: number): void {
    this.#timer = setTimeout(() => {
      if (this.#socket.bufferedAmount > this.#highWaterMarkBytes) {
        this.#lookAgain(Math.min(delayMs * 2, MAX_LOOK_MS));
      } else {
        this.#stopWaiting();
      }
    }, delayMs);
  }

  close(): void {
    if (!this.#ended) {
      this.#end();
      this.#socket.close(NORMAL_CLOSURE);
    }
  }

  #end(): void {
    this.#ended = true;
    this.#socket.onopen = null;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    clearTimeout(this.#timer);
    this.#stopWaiting();
  }
}

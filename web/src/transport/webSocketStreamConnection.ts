import {
  ABNORMAL_CLOSURE,
  type Connect,
  type Connection,
  type ConnectionEnd,
  type ConnectionListener,
  NORMAL_CLOSURE,
  SUBPROTOCOL,
} from './connection.js';
import type { Bytes } from './requestCodec.js';

/** The `WebSocketStream` of Chromium 124 and newer, as far as it is used; TypeScript does not know it yet. */
export interface WebSocketStreamLike {
  readonly opened: Promise<{
    readonly readable: ReadableStream<ArrayBuffer | Uint8Array | string>;
    readonly writable: WritableStream<Bytes>;
  }>;
  readonly closed: Promise<{ readonly closeCode?: number; readonly reason?: string }>;
  close(info: { closeCode: number }): void;
}

/** Makes a {@link WebSocketStreamLike}. */
export type WebSocketStreamConstructor = new (
  url: string,
  options: { protocols: string[] },
) => WebSocketStreamLike;

/** Connections by `WebSocketStream`: what is not read is not taken from the network, so the server has to wait. */
export function webSocketStreamConnect(WebSocketStream: WebSocketStreamConstructor): Connect {
  return (url, listener) =>
    new WebSocketStreamConnection(new WebSocketStream(url, { protocols: [SUBPROTOCOL] }), listener);
}

class WebSocketStreamConnection implements Connection {
  readonly #stream: WebSocketStreamLike;
  #reader: ReadableStreamDefaultReader<ArrayBuffer | Uint8Array | string> | undefined;
  #writer: WritableStreamDefaultWriter<Bytes> | undefined;
  #ended = false;

  constructor(stream: WebSocketStreamLike, listener: ConnectionListener) {
    this.#stream = stream;
    void this.#run(listener);
  }

  async #run(listener: ConnectionListener): Promise<void> {
    // Both fail when the connection does, and each failure wants to be handled.
    const end = this.#stream.closed.then(toEnd, toEnd);
    try {
      const { readable, writable } = await this.#stream.opened;
      if (this.#ended) {
        return;
      }
      this.#reader = readable.getReader();
      this.#writer = writable.getWriter();
      listener.onOpen();
      await this.#read(this.#reader, listener);
    } catch {
      // What happened is in `end`.
    }
    const how = await end;
    if (!this.#ended) {
      this.#ended = true;
      listener.onClose(how);
    }
  }

  async #read(
    reader: ReadableStreamDefaultReader<ArrayBuffer | Uint8Array | string>,
    listener: ConnectionListener,
  ): Promise<void> {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.#ended) {
        return;
      }
      await listener.onMessage(
        typeof value === 'string' || ArrayBuffer.isView(value) ? value : new Uint8Array(value),
      );
    }
  }

  async send(message: Bytes): Promise<void> {
    if (!this.#ended) {
      // Settles when the network has taken it. When it fails, so does `closed`, which has the reason.
      await this.#writer?.write(message).catch(() => {});
    }
  }

  close(): void {
    if (!this.#ended) {
      this.#ended = true;
      this.#stream.close({ closeCode: NORMAL_CLOSURE });
      // The server's own close waits behind what was not read: drop it.
      this.#reader?.cancel().catch(() => {});
    }
  }
}

/** Reads how it closed, from the answer of a clean close or from the `WebSocketError` of another. */
function toEnd(how: unknown): ConnectionEnd {
  const { closeCode, reason } = Object(how) as { closeCode?: number | null; reason?: string };
  return { code: closeCode ?? ABNORMAL_CLOSURE, reason: reason ?? '' };
}

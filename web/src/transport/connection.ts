import type { Bytes } from './requestCodec.js';

/** The subprotocol that is offered and must be chosen by the server. */
export const SUBPROTOCOL = 'grpc-websockets';

/** The code of a close from our side: the only one below 3000 that a page may use. */
export const NORMAL_CLOSURE = 1000;

/** The code for an end without a close handshake (RFC 6455, section 7.1.5). */
export const ABNORMAL_CLOSURE = 1006;

/** How a connection ended. */
export interface ConnectionEnd {
  /** The WebSocket close code. */
  readonly code: number;
  /** The server's words, often empty. */
  readonly reason: string;
  /** What the platform tells beyond that; browsers tell nothing. */
  readonly cause?: unknown;
}

/** Hears of one connection. Nothing is called after {@link Connection.close}. */
export interface ConnectionListener {
  onOpen(): void;
  /**
   * A message: a `Uint8Array`, or a string for a text message. The next one is welcome when the promise settles, at once if
   * there is none; a connection that can makes the server wait that long.
   */
  onMessage(message: Uint8Array | string): Promise<void> | undefined;
  /** Called once. */
  onClose(end: ConnectionEnd): void;
}

/** One WebSocket, by whichever API. */
export interface Connection {
  /**
   * Sends a message, after {@link ConnectionListener.onOpen} only. The promise resolves when more may be sent, or when the
   * connection has ended; it never rejects.
   */
  send(message: Bytes): Promise<void>;
  /** Closes at once, before it is open too. Idempotent. */
  close(): void;
}

/** Opens a connection. May throw when the address is not allowed. */
export type Connect = (url: string, listener: ConnectionListener) => Connection;

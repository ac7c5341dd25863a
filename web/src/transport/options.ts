import type {
  BinaryReadOptions,
  BinaryWriteOptions,
  JsonReadOptions,
  JsonWriteOptions,
} from '@bufbuild/protobuf';
import type { Interceptor } from '@connectrpc/connect';
import type { WebSocketConstructor } from './webSocketConnection.js';

/** Settings of {@link createGrpcWebSocketTransport}. */
export interface GrpcWebSocketTransportOptions {
  /**
   * Where the services are: calls are made at `<baseUrl>/<package>.<Service>/<Method>`. Absolute (`https://chat.example`), or
   * relative to the page (`/`, `/api`). `http` becomes `ws` and `https` becomes `wss`. Without query and fragment.
   */
  readonly baseUrl: string;
  /**
   * The class that makes the sockets, such as that of the npm package `ws`. By default the platform's own, which in
   * Chromium is `WebSocketStream`; a class given here is always used as a plain WebSocket.
   */
  readonly webSocket?: WebSocketConstructor;
  /** Around each call, the first outermost. By default none. */
  readonly interceptors?: readonly Interceptor[];
  /**
   * Milliseconds from the start of a call, opening the socket included, until it fails with DeadlineExceeded. A call's own
   * `timeoutMs` wins. 0 in either means no limit, which is the default, as streams may last; more than 99,999,999 (over 27
   * hours) in either counts as that, the most that gRPC can say in milliseconds.
   */
  readonly defaultTimeoutMs?: number;
  /**
   * The longest message to accept, in bytes; also the longest block of headers or trailers. Default: 4 MiB, gRPC's usual
   * limit. A call that gets a longer one fails with ResourceExhausted.
   */
  readonly readMaxBytes?: number;
  /** The longest message to send, in bytes. Default: 4 MiB. A longer one fails with ResourceExhausted and is not sent. */
  readonly writeMaxBytes?: number;
  /**
   * Sending waits, and does not ask the application for its next message, while more than this many bytes lie in the
   * socket's `bufferedAmount`. Default: 256 KiB, a few round trips of a fast line; one message more than this is
   * the most that is buffered. A `WebSocketStream` knows by itself when to wait and ignores it.
   */
  readonly highWaterMarkBytes?: number;
  /**
   * How many received bytes may wait for the application to read them, and 128 for each message. Default: 16 MiB. More end
   * the call with ResourceExhausted, because a plain WebSocket has no way to make the server wait. A `WebSocketStream` has:
   * it stops reading above 64 KiB and never gets there. Less than `readMaxBytes` makes a single message of that length fail,
   * too, when it comes while the application is busy with the one before.
   */
  readonly maxQueuedBytes?: number;
  /** Protobuf on the wire (`true`, the default) or JSON (`application/grpc-web+json`), which not every server takes. */
  readonly useBinaryFormat?: boolean;
  /** How JSON is read and written. By default unknown fields are ignored. */
  readonly jsonOptions?: Partial<JsonReadOptions & JsonWriteOptions>;
  /** How protobuf is read and written. */
  readonly binaryOptions?: Partial<BinaryReadOptions & BinaryWriteOptions>;
}

const MIB = 1024 * 1024;

/** The numbers, where the application gives none. */
export const DEFAULTS = {
  defaultTimeoutMs: 0,
  readMaxBytes: 4 * MIB,
  writeMaxBytes: 4 * MIB,
  highWaterMarkBytes: 256 * 1024,
  maxQueuedBytes: 16 * MIB,
} as const;

/** The longest time limit, over 27 hours: `grpc-timeout` has eight digits. (And timers overflow at 2 to the 31st.) */
export const MAX_TIMEOUT_MS = 99_999_999;

/** Where a `WebSocketStream` stops reading. */
export const READ_AHEAD_BYTES = 64 * 1024;

/**
 * The limits with their defaults.
 *
 * @throws TypeError naming what is not a whole number in its range
 */
export function limitsOf(options: GrpcWebSocketTransportOptions): {
  readonly [name in keyof typeof DEFAULTS]: number;
} {
  return {
    defaultTimeoutMs: wholeNumber(options, 'defaultTimeoutMs', 0),
    readMaxBytes: wholeNumber(options, 'readMaxBytes', 1),
    writeMaxBytes: wholeNumber(options, 'writeMaxBytes', 1),
    highWaterMarkBytes: wholeNumber(options, 'highWaterMarkBytes', 0),
    maxQueuedBytes: wholeNumber(options, 'maxQueuedBytes', 1),
  };
}

/** As the length of a gRPC frame is a number of four bytes. */
const MAX = 0xffffffff;

function wholeNumber(
  options: GrpcWebSocketTransportOptions,
  name: keyof typeof DEFAULTS,
  min: number,
): number {
  const value = options[name] ?? DEFAULTS[name];
  if (!Number.isInteger(value) || value < min || value > MAX) {
    throw new TypeError(`${name}: ${value} (expected: a whole number from ${min} to ${MAX})`);
  }
  return value;
}

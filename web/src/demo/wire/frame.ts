import type { TransportName } from '../transports';

/** `up` is from the browser to the server. */
export type Direction = 'up' | 'down';

/**
 * What a frame is. `open` and `close` are no bytes of their own: the connection is there, the answer or the connection
 * has ended.
 */
export type FrameKind = 'open' | 'headers' | 'message' | 'half-close' | 'trailers' | 'close';

/** One unit that crossed the wire, as far as a page can see it. */
export interface Frame {
  readonly direction: Direction;
  readonly kind: FrameKind;
  /** On the clock of `performance.now()`: when it was handed to the browser, or had come whole. */
  readonly atMs: number;
  /** What crossed, at most {@link KEPT_BYTES} of it. Text for text frames, and for headers that only the browser writes. */
  readonly data: string | Uint8Array;
  /** How long it was, in bytes of UTF-8 where it is text. */
  readonly length: number;
}

/** Of a longer frame only the beginning is kept. */
export const KEPT_BYTES = 4_096;

/** The call or connection that a frame belongs to. */
export interface Stream {
  /** Who made it, for a person to read: a name, or a part of the page. */
  readonly source: string;
  readonly transport: TransportName;
  /** The RPC; of the chat WebSocket, which has none, the subprotocol. */
  readonly method: string;
}

/** A frame with its place among all frames of this visit, from 1. */
export interface LoggedFrame extends Frame {
  readonly number: number;
  readonly stream: Stream;
}

/** Hears of the frames of one stream. */
export type Tap = (
  direction: Direction,
  kind: FrameKind,
  data?: string | Uint8Array,
  length?: number,
) => void;

/** Opens a tap for a stream that begins. */
export type OpenTap = (method: string) => Tap;

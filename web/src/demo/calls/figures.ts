import type { TransportName } from '../transports';
import type { Direction, LoggedFrame } from '../wire/frame';
import type { Timeline } from './call';

/** What a call cost, counted and timed on the wire. */
export interface Figures {
  /** HTTP requests, or WebSockets opened. */
  readonly connections: number;
  /** Messages sent. */
  readonly up: number;
  /** Messages received. */
  readonly down: number;
  /** From the start of the call to its last frame. */
  readonly ms: number;
  /** How much of `ms` went by before the socket was open; only of sockets. */
  readonly openMs?: number;
}

/** Counts what crossed. Pure. */
export function figuresOf({ frames, startMs }: Timeline, transport: TransportName): Figures {
  const open = frames.find(({ kind }) => kind === 'open');
  const lastMs = frames.findLast(({ kind }) => kind !== 'close')?.atMs ?? startMs;
  return {
    connections:
      transport === 'grpc-web'
        ? count(frames, 'up', 'headers')
        : frames.filter(({ kind }) => kind === 'open').length,
    up: count(frames, 'up', 'message'),
    down: count(frames, 'down', 'message'),
    ms: lastMs - startMs,
    ...(open && { openMs: open.atMs - startMs }),
  };
}

function count(frames: readonly LoggedFrame[], direction: Direction, kind: LoggedFrame['kind']): number {
  return frames.filter((frame) => frame.kind === kind && frame.direction === direction).length;
}

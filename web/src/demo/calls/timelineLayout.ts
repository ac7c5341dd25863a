import type { Direction, LoggedFrame } from '../wire/frame';
import type { Timeline } from './call';

/** A frame at its place on the drawn line. Places are percent of its width. */
export interface Arrow {
  readonly at: number;
  readonly direction: Direction;
  /** Messages are drawn strong; headers, trailers and the half-close, which carry them, faint. */
  readonly isMessage: boolean;
}

/** Where everything is on a timeline. */
export interface TimelineLayout {
  readonly arrows: readonly Arrow[];
  /** Until when the socket was opening; 0 where there is none. */
  readonly openAt: number;
  readonly serverMarks: readonly number[];
  readonly ticks: readonly { readonly at: number; readonly ms: number }[];
}

/** Room at the right end, so that the last arrow is not on the edge. */
const MARGIN = 1.06;

/** Lays a timeline out. Pure. */
export function layOut({ frames, startMs, serverMarks = [] }: Timeline): TimelineLayout {
  const drawn = frames.filter(isDrawn);
  const ends = [...drawn.map(({ atMs }) => atMs), ...serverMarks];
  const totalMs = Math.max(1, ...ends.map((endMs) => endMs - startMs)) * MARGIN;
  const at = (ms: number) => (100 * (ms - startMs)) / totalMs;
  const open = frames.find(({ kind }) => kind === 'open');
  return {
    arrows: drawn.map(({ atMs, direction, kind }) => ({
      at: at(atMs),
      direction,
      isMessage: kind === 'message',
    })),
    openAt: open ? at(open.atMs) : 0,
    serverMarks: serverMarks.map(at),
    ticks: niceTicks(totalMs).map((ms) => ({ at: (100 * ms) / totalMs, ms })),
  };
}

/** Opening and closing are no frames. */
export function isDrawn({ kind }: LoggedFrame): boolean {
  return kind !== 'open' && kind !== 'close';
}

/** Round numbers from 0 up to below `total`, four at least and eight at most. */
export function niceTicks(total: number): number[] {
  const power = 10 ** Math.floor(Math.log10(total));
  const step = [0.2, 0.5, 1, 2].map((factor) => factor * power).find((one) => total / one <= 5) ?? 2 * power;
  const ticks: number[] = [];
  for (let i = 0; i * step < total; i++) {
    ticks.push(Number((i * step).toPrecision(6)));
  }
  return ticks;
}

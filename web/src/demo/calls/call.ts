import type { LoggedFrame } from '../wire/frame';

/** An answer that takes longer than this is not coming. */
export const ANSWER_TIMEOUT_MS = 10_000;

/** The four kinds of gRPC call. */
export type Kind = 'unary' | 'server-streaming' | 'client-streaming' | 'bidirectional';

/**
 * How a call went. `ok`: it did what its kind promises. `refused`: the browser, or the library in it, cannot make such
 * a call. `error`: it can be made and failed this time.
 */
export type CallOutcome = 'ok' | 'refused' | 'error';

/** What crossed the wire in a call, to be drawn over time. */
export interface Timeline {
  readonly frames: readonly LoggedFrame[];
  /** Where 0 is, on the clock of the frames. */
  readonly startMs: number;
  /** When the server says that it took something, on the same clock. */
  readonly serverMarks?: readonly number[];
}

/** One way of trying a call, and the words that came back. */
export interface Attempt {
  /** Stable, for tests. */
  readonly name: string;
  /** For a person: what was tried. */
  readonly label: string;
  readonly outcome: CallOutcome;
  /** What the library or the browser said, unchanged. */
  readonly words: string;
  /** Where something crossed. */
  readonly timeline?: Timeline;
  /** What the timeline shows, in a sentence. */
  readonly proof?: string;
}

/** What happened when a call was made. */
export interface CallResult {
  readonly outcome: CallOutcome;
  /** What happened, in one sentence. */
  readonly summary: string;
  readonly attempts?: readonly Attempt[];
}

/** Puts an error into the words that the browser itself would print. */
export function errorWords(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** The bounds of the wait between two attempts. */
export interface Backoff {
  /** The longest wait before the first new attempt; doubles with each further one. */
  readonly baseMs: number;
  /** No wait is longer than this. */
  readonly capMs: number;
}

/** Half a second at first, twenty seconds at most: quick for one person, gentle on a server that comes back. */
export const DEFAULT_BACKOFF: Backoff = { baseMs: 500, capMs: 20_000 };

/**
 * How long to wait before attempt `attempt` (0 is the first), with full jitter: anything from 0 to the bound is
 * as likely, so that clients which lost the same server do not return in step.
 *
 * @param random a number from 0 to below 1
 */
export function fullJitterMs(attempt: number, random: number, { baseMs, capMs }: Backoff): number {
  return Math.round(random * Math.min(capMs, baseMs * 2 ** attempt));
}

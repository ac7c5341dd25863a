/** A line as far as it is counted. */
export interface Counted {
  readonly id: string;
  readonly sequence: bigint;
}

/** What a reader has, held against what was written. */
export interface Tally {
  readonly written: number;
  readonly read: number;
  /** Written, and not read. */
  readonly missing: number;
  /** Read more than once. */
  readonly repeated: number;
  /** Read after one that has a later place. */
  readonly outOfOrder: number;
}

/** Counts what was read of what was written. Pure; believes neither the server nor the chat client. */
export function tallyOf(writtenIds: readonly string[], read: readonly Counted[]): Tally {
  const written = new Set(writtenIds);
  const own = read.filter(({ id }) => written.has(id));
  const seen = new Set(own.map(({ id }) => id));
  return {
    written: written.size,
    read: own.length,
    missing: written.size - seen.size,
    repeated: own.length - seen.size,
    outOfOrder: own.filter(({ sequence }, i) => sequence <= (own[i - 1]?.sequence ?? 0n)).length,
  };
}

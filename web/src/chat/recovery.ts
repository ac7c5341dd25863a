import type { Joined } from './link';
import type { Gap, Step } from './sequenceTracker';

/** What this client counted, not what the server says it did. */
export interface Counts {
  /** Lines of the room that came, each once. */
  readonly lines: number;
  /** Those of them that had been missed while there was no connection. */
  readonly missed: number;
  /** Places where messages are missing for good. */
  readonly gaps: number;
  /** Lines that the server sent again although it had no reason to; they were dropped. */
  readonly duplicates: number;
}

/** How it went to come back after a loss: the counts of the time from the loss until all that was missed had come. */
export interface Recovery extends Omit<Counts, 'lines'> {
  /** Whether the server could send exactly what was missed. */
  readonly recovered: boolean;
}

interface Return {
  readonly recovered: boolean;
  readonly before: Counts;
  /** The newest sequence of the room when it was entered again: what comes up to it had been missed. */
  readonly through: bigint;
}

/** Counts lines, and what became of those that were sent while there was no connection. Pure. */
export class RecoveryCounter {
  #counts: Counts = { lines: 0, missed: 0, gaps: 0, duplicates: 0 };
  #return: Return | undefined;

  get counts(): Counts {
    return this.#counts;
  }

  /** The room was entered, and this turned out to be missing. */
  joined({ answer: { recovered, sequence }, resumedFrom }: Joined, gap: Gap | undefined): void {
    if (resumedFrom !== undefined) {
      this.#return = {
        // Lost again before all had come: it is the same return.
        recovered: recovered && (this.#return?.recovered ?? true),
        before: this.#return?.before ?? this.#counts,
        through: sequence,
      };
    }
    this.#add(gap ? { gaps: 1 } : {});
  }

  /** A line came. */
  took(step: Step): void {
    switch (step.kind) {
      case 'next':
        this.#add({ lines: 1, missed: this.#return ? 1 : 0, gaps: step.gap ? 1 : 0 });
        break;
      case 'duplicate':
        this.#add({ duplicates: 1 });
        break;
      case 'seen':
      case 'early':
        break;
    }
  }

  /** The report of the return, when everything up to `last` has come and that ends it. Asked after each of the above. */
  finished(last: bigint): Recovery | undefined {
    if (!this.#return || last < this.#return.through) {
      return undefined;
    }
    const { recovered, before } = this.#return;
    const { missed, gaps, duplicates } = this.#counts;
    this.#return = undefined;
    return {
      recovered,
      missed: missed - before.missed,
      gaps: gaps - before.gaps,
      duplicates: duplicates - before.duplicates,
    };
  }

  #add({ lines = 0, missed = 0, gaps = 0, duplicates = 0 }: Partial<Counts>): void {
    const { lines: l, missed: m, gaps: g, duplicates: d } = this.#counts;
    this.#counts = { lines: l + lines, missed: m + missed, gaps: g + gaps, duplicates: d + duplicates };
  }
}

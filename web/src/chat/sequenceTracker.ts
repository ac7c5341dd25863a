import type { Message, Recovered } from '../gen/duplexer/chat/v1/chat_pb';

/** Chat messages that this client will never see. */
export interface Gap {
  /**
   * `missing`: messages between two sequences are gone or were not sent. `new-history`: the server has another
   * history than before, whose sequences cannot be compared with the old ones.
   */
  readonly kind: 'missing' | 'new-history';
  /** The last sequence before the gap. */
  readonly afterSequence: bigint;
  /** The newest sequence that is missing, or 0 when that cannot be known. */
  readonly throughSequence: bigint;
}

/** What to do with a chat message: drop it as seen before, or show it, after saying what is missing before it. */
export type Step = { readonly isNew: false } | { readonly isNew: true; readonly gap?: Gap };

/**
 * Follows one room's sequences over any number of connections: finds what was seen before and what is missing,
 * and knows from where to resume. Pure; it never repairs anything.
 */
export class SequenceTracker {
  #epoch = '';
  /** `undefined` until the first message of a history, before which nothing can be missing. */
  #last: bigint | undefined;

  /** Where to resume from, or `undefined` when there is no such place yet. */
  get resumePoint(): { readonly epoch: string; readonly sequence: bigint } | undefined {
    return this.#last === undefined ? undefined : { epoch: this.#epoch, sequence: this.#last };
  }

  /** Takes the server's answer to a join, which comes before any message. */
  joined({ recovered, missed, epoch, sequence }: Recovered): Gap | undefined {
    const last = this.#last;
    const first = missed === 0 ? sequence : undefined;
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#last = first;
      return last === undefined
        ? undefined
        : { kind: 'new-history', afterSequence: last, throughSequence: 0n };
    }
    if (last === undefined) {
      this.#last = first;
    } else if (!recovered && first !== undefined && first !== last) {
      this.#last = first;
      return { kind: 'missing', afterSequence: last, throughSequence: first };
    }
    return undefined;
  }

  /** Takes a chat message in the order in which it was received. */
  accept({ sequence, previousSequence }: Message): Step {
    const last = this.#last;
    if (last !== undefined && sequence <= last) {
      return { isNew: false };
    }
    this.#last = sequence;
    return last === undefined || previousSequence === last
      ? { isNew: true }
      : {
          isNew: true,
          gap: { kind: 'missing', afterSequence: last, throughSequence: previousSequence },
        };
  }
}

import type { Message } from '../gen/duplexer/chat/v1/chat_pb';
import type { Joined } from './link';

/** A place in a room's history: the last message that was seen, and the history that it is of. */
export interface ResumePoint {
  readonly epoch: string;
  readonly sequence: bigint;
}

/** Chat messages that this client will never see. */
export interface Gap {
  /**
   * `missing`: messages between two sequences are gone or were not sent. `new-history`: the server has another
   * history than before, or one that ends before what was seen; its sequences cannot be compared with the old ones.
   */
  readonly kind: 'missing' | 'new-history';
  /** The last sequence before the gap. */
  readonly afterSequence: bigint;
  /** The newest sequence that is missing, or 0 when that cannot be known. */
  readonly throughSequence: bigint;
}

/**
 * What to do with a chat message:
 *
 * - `next`: show it, after saying what is missing before it;
 * - `seen`: drop it, it came by the connection before this one, which was still in use;
 * - `duplicate`: drop it, the server had no reason to send it again;
 * - `early`: drop it and resume, since a message before it did not come.
 */
export type Step =
  | { readonly kind: 'next'; readonly gap?: Gap }
  | { readonly kind: 'seen' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'early' };

/**
 * Follows one room's sequences over any number of connections: finds what was seen before and what is missing,
 * and knows from where to resume. A message that is missing is asked for once, by resuming; if it does not come then, it is
 * gone. Pure.
 */
export class SequenceTracker {
  #epoch = '';
  /** `undefined` until the first message of a history, before which nothing can be missing. */
  #last: bigint | undefined;
  /** What the connection in use was told that we have, or has brought since. */
  #known = 0n;
  /** The sequence that the connection in use resumed from, and the newest one of the room at that time. */
  #resumedFrom: bigint | undefined;
  #resumedTo = 0n;

  /** @param resume where an earlier client was, if this one is to go on from there */
  constructor(resume?: ResumePoint) {
    this.#epoch = resume?.epoch ?? '';
    this.#last = resume?.sequence;
  }

  /** Where to resume from, or `undefined` when there is no such place yet. */
  get resumePoint(): ResumePoint | undefined {
    return this.#last === undefined ? undefined : { epoch: this.#epoch, sequence: this.#last };
  }

  /** Takes the server's answer to a join, which comes before any message. */
  joined({ answer: { recovered, missed, epoch, sequence }, resumedFrom }: Joined): Gap | undefined {
    const last = this.#last;
    const first = missed === 0 ? sequence : undefined;
    // A history that ends before our place is another one, too, such as a copy from before it: its sequences are used again.
    if (epoch !== this.#epoch || sequence < (resumedFrom ?? 0n)) {
      this.#epoch = epoch;
      this.#last = first;
      this.#known = 0n;
      this.#resumedFrom = undefined;
      return last === undefined
        ? undefined
        : { kind: 'new-history', afterSequence: last, throughSequence: 0n };
    }
    this.#known = recovered ? (resumedFrom ?? 0n) : 0n;
    this.#resumedFrom = resumedFrom;
    this.#resumedTo = sequence;
    if (last === undefined) {
      this.#last = first;
    } else if (!recovered && first !== undefined && first > last) {
      this.#last = first;
      return { kind: 'missing', afterSequence: last, throughSequence: first };
    }
    return undefined;
  }

  /** Takes a chat message in the order in which it was received. */
  accept({ sequence, previousSequence }: Message): Step {
    const last = this.#last;
    const repeated = sequence <= this.#known;
    this.#known = repeated ? this.#known : sequence;
    if (last !== undefined && sequence <= last) {
      return { kind: repeated ? 'duplicate' : 'seen' };
    }
    if (last === undefined || previousSequence === last) {
      this.#last = sequence;
      return { kind: 'next' };
    }
    if (this.#resumedFrom !== last || this.#resumedTo < previousSequence) {
      return { kind: 'early' };
    }
    this.#last = sequence;
    return { kind: 'next', gap: { kind: 'missing', afterSequence: last, throughSequence: previousSequence } };
  }
}

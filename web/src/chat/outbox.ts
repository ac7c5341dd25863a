import { type Backoff, fullJitterMs } from './backoff';
import type { Refusal } from './channel';
import type { Cancel, Clock } from './clock';

/** A message of one's own on its way: shown at once, settled by the server. */
export type Outgoing = {
  readonly id: string;
  readonly content: string;
} & (
  | { readonly state: 'pending' }
  /** In the room's history at `sequence`; `latencyMs` after it was written, waits for a connection included. */
  | { readonly state: 'acknowledged'; readonly sequence: bigint; readonly latencyMs: number }
  | { readonly state: 'failed'; readonly reason: string }
);

/** The most messages that may be pending, and the most that may wait as failed. */
export const OUTBOX_LIMIT = 100;

/** A message that the server asked to send again this often has failed; with the waits between, after some 45 s. */
export const MAX_REFUSALS = 10;

/** A message that is not answered within this time was sent on a connection that is dead. */
export const ANSWER_TIMEOUT_MS = 20_000;

/** What an outbox needs and whom it tells. */
export interface OutboxOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly backoff: Backoff;
  readonly newId: () => string;
  /** Puts a message on the connection; does nothing and returns false while there is none. */
  readonly transmit: (id: string, content: string) => boolean;
  /** A message was added or changed its state. */
  readonly onChange: (outgoing: Outgoing) => void;
  /** A message was not answered in time: the connection is to be replaced. */
  readonly onUnanswered: () => void;
}

interface Entry {
  readonly id: string;
  readonly content: string;
  readonly writtenAtMs: number;
  refusals: number;
}

/**
 * Holds every message until the server has acknowledged it. The id is made here and never changes, so a message may
 * be sent any number of times and is published once.
 *
 * One message is under way at a time. The next one waits until it is acknowledged or has failed, also while the server makes
 * it wait: that is what keeps the order, whatever is refused, lost or sent again.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  /** In the order in which they will be published; the first is under way, when there is a connection. */
  readonly #pending = new Map<string, Entry>();
  readonly #failed = new Map<string, Entry>();
  /** Of the wait for an answer, or to send again. */
  #cancelTimer: Cancel = () => {};

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /**
   * Sends a message as soon as those before it are settled.
   *
   * @returns its id
   * @throws {RangeError} when {@link OUTBOX_LIMIT} messages are pending
   */
  send(content: string): string {
    const { clock, newId } = this.#options;
    this.#requireRoom();
    const id = newId();
    this.#add({ id, content, writtenAtMs: clock.nowMs(), refusals: 0 });
    return id;
  }

  /** Sends the first message again; called after each join, since what was under way may be lost. */
  resend(): void {
    this.#cancelTimer();
    const { clock, transmit, onUnanswered } = this.#options;
    const [first] = this.#pending.values();
    if (first && transmit(first.id, first.content)) {
      this.#cancelTimer = clock.after(ANSWER_TIMEOUT_MS, onUnanswered);
    }
  }

  /** Sends a failed message again, under its old id and after what is pending. Does nothing when it has not failed. */
  retry(id: string): void {
    const entry = this.#failed.get(id);
    if (entry) {
      this.#requireRoom();
      this.#failed.delete(id);
      this.#add({ ...entry, refusals: 0 });
    }
  }

  /** The server has stored the message. What is not in the outbox is somebody else's, or settled: ignored. */
  acknowledge(id: string, sequence: bigint): void {
    const entry = this.#pending.get(id) ?? this.#failed.get(id);
    if (entry) {
      const { clock, onChange } = this.#options;
      const { content, writtenAtMs } = entry;
      this.#failed.delete(id);
      this.#goOnWithout(id);
      onChange({ id, content, state: 'acknowledged', sequence, latencyMs: clock.nowMs() - writtenAtMs });
    }
  }

  /** The server has not published the message: it is sent again later, or it has failed. */
  refuse({ id, reason, retryAfterMs }: Refusal): void {
    const entry = this.#pending.get(id);
    if (!entry) {
      return;
    }
    const { clock, random, backoff, onChange } = this.#options;
    entry.refusals++;
    if (retryAfterMs === undefined || entry.refusals >= MAX_REFUSALS) {
      this.#failed.set(id, entry);
      this.#forgetOldestFailed();
      this.#goOnWithout(id);
      onChange({ id, content: entry.content, state: 'failed', reason });
    } else {
      const delayMs = retryAfterMs + fullJitterMs(entry.refusals - 1, random(), backoff);
      this.#cancelTimer();
      this.#cancelTimer = clock.after(delayMs, () => this.resend());
    }
  }

  /** Stops; what was pending stays unsettled. */
  close(): void {
    this.#cancelTimer();
    this.#pending.clear();
    this.#failed.clear();
  }

  #requireRoom(): void {
    if (this.#pending.size >= OUTBOX_LIMIT) {
      throw new RangeError(`${OUTBOX_LIMIT} messages are still waiting for the server`);
    }
  }

  #add(entry: Entry): void {
    const { id, content } = entry;
    this.#pending.set(id, entry);
    this.#options.onChange({ id, content, state: 'pending' });
    if (this.#pending.size === 1) {
      this.resend();
    }
  }

  /** The message is settled: if it was the one under way, it is the next one's turn. */
  #goOnWithout(id: string): void {
    const [first] = this.#pending.keys();
    this.#pending.delete(id);
    if (id === first) {
      this.resend();
    }
  }

  #forgetOldestFailed(): void {
    if (this.#failed.size > OUTBOX_LIMIT) {
      const [oldest] = this.#failed.keys();
      this.#failed.delete(oldest ?? '');
    }
  }
}

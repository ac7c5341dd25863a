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

/** A message that the server asked to send again this often has failed. */
export const MAX_REFUSALS = 5;

/** What an outbox needs and whom it tells. */
export interface OutboxOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly backoff: Backoff;
  readonly newId: () => string;
  /** Puts a message on the connection; does nothing while there is none. */
  readonly transmit: (id: string, content: string) => void;
  /** A message was added or changed its state. */
  readonly onChange: (outgoing: Outgoing) => void;
}

interface Entry {
  readonly content: string;
  readonly writtenAtMs: number;
  failed: boolean;
  refusals: number;
  cancelRetry: Cancel;
}

/**
 * Holds every message until the server has acknowledged it. The id is made here and never changes, so a message may
 * be sent any number of times and is published once.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /**
   * Sends a message, now or after the next join.
   *
   * @returns its id
   * @throws {RangeError} when {@link OUTBOX_LIMIT} messages are pending
   */
  send(content: string): string {
    if (this.#count(false) >= OUTBOX_LIMIT) {
      throw new RangeError(`${OUTBOX_LIMIT} messages are still waiting for the server`);
    }
    const { clock, newId } = this.#options;
    const id = newId();
    const entry = { content, writtenAtMs: clock.nowMs(), failed: false, refusals: 0, cancelRetry: () => {} };
    this.#entries.set(id, entry);
    this.#transmit(id, entry);
    return id;
  }

  /** Sends every pending message again, oldest first; called after each join. */
  resend(): void {
    for (const [id, entry] of this.#entries) {
      if (!entry.failed) {
        entry.cancelRetry();
        this.#options.transmit(id, entry.content);
      }
    }
  }

  /** Sends a failed message again, under its old id. Does nothing when it has not failed. */
  retry(id: string): void {
    const entry = this.#entries.get(id);
    if (entry?.failed) {
      entry.failed = false;
      entry.refusals = 0;
      this.#transmit(id, entry);
    }
  }

  /** The server has stored the message. What is not in the outbox is somebody else's, or settled: ignored. */
  acknowledge(id: string, sequence: bigint): void {
    const entry = this.#entries.get(id);
    if (entry) {
      const { clock, onChange } = this.#options;
      this.#entries.delete(id);
      entry.cancelRetry();
      const latencyMs = clock.nowMs() - entry.writtenAtMs;
      onChange({ id, content: entry.content, state: 'acknowledged', sequence, latencyMs });
    }
  }

  /** The server has not published the message: it is sent again later, or it has failed. */
  refuse({ id, reason, retryAfterMs }: Refusal): void {
    const entry = this.#entries.get(id);
    if (!entry || entry.failed) {
      return;
    }
    const { clock, random, backoff, transmit, onChange } = this.#options;
    entry.cancelRetry();
    entry.refusals++;
    if (retryAfterMs === undefined || entry.refusals >= MAX_REFUSALS) {
      entry.failed = true;
      this.#forgetOldestFailed();
      onChange({ id, content: entry.content, state: 'failed', reason });
    } else {
      const delayMs = retryAfterMs + fullJitterMs(entry.refusals - 1, random(), backoff);
      entry.cancelRetry = clock.after(delayMs, () => transmit(id, entry.content));
    }
  }

  /** Stops all retries; what was pending stays unsettled. */
  close(): void {
    for (const entry of this.#entries.values()) {
      entry.cancelRetry();
    }
    this.#entries.clear();
  }

  #transmit(id: string, entry: Entry): void {
    this.#options.onChange({ id, content: entry.content, state: 'pending' });
    this.#options.transmit(id, entry.content);
  }

  #forgetOldestFailed(): void {
    if (this.#count(true) > OUTBOX_LIMIT) {
      const oldest = [...this.#entries].find(([, { failed }]) => failed);
      this.#entries.delete(oldest?.[0] ?? '');
    }
  }

  #count(failed: boolean): number {
    return [...this.#entries.values()].filter((entry) => entry.failed === failed).length;
  }
}

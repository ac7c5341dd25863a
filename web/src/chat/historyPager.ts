import type { HistoryPage } from '../gen/duplexer/chat/v1/chat_pb';
import type { Refusal } from './channel';
import { type ChatLine, chatLineOf } from './chatLine';
import type { Cancel, Clock } from './clock';

/** A part of the room's history, from before what was there. */
export interface OlderLines {
  /** In the room's order; all of them before every line that came earlier. */
  readonly lines: readonly ChatLine[];
  /** There are older ones. */
  readonly more: boolean;
}

/** The answer to a request must come within this time. */
export const PAGE_TIMEOUT_MS = 10_000;

/** A request that is refused for now is made again this long after the server's own time, at most {@link PAGE_ATTEMPTS} in all. */
export const PAGE_RETRY_MS = 500;
export const PAGE_ATTEMPTS = 5;

/** What a pager needs. */
export interface HistoryPagerOptions {
  readonly clock: Clock;
  /** Asks the server; does nothing and returns false while there is no connection. */
  readonly request: (id: string, before: bigint, limit: number) => boolean;
}

interface Pending {
  readonly id: string;
  readonly limit: number;
  refusals: number;
  readonly resolve: (older: OlderLines) => void;
  readonly reject: (error: Error) => void;
}

/** Reads back in a room's history, page by page from the oldest line that is there. One request at a time. */
export class HistoryPager {
  readonly #options: HistoryPagerOptions;
  /** Everything from here on is there or on its way; `undefined` until that is known. */
  #before: bigint | undefined;
  /** The sequence of the line before `#before`, where it is known. */
  #previous: bigint | undefined;
  #pending: Pending | undefined;
  #result: Promise<OlderLines> | undefined;
  #cancelTimeout: Cancel = () => {};
  #requests = 0;

  constructor(options: HistoryPagerOptions) {
    this.#options = options;
  }

  /**
   * Everything from `before` on is there or on its way: the room was entered without a place to resume from, or a client
   * goes on from an earlier one's.
   *
   * @param before `undefined` when the first line tells
   */
  begin(before: bigint | undefined): void {
    this.#before = before;
    this.#previous = undefined;
  }

  /** The next line of the room. */
  line(sequence: bigint, previousSequence: bigint): void {
    if (this.#before === undefined) {
      this.#before = sequence;
      this.#previous = previousSequence;
      this.resend();
    }
  }

  /** Asks for the lines before the oldest; while that goes on, for the same ones. Waits for a connection, if need be. */
  load(limit: number): Promise<OlderLines> {
    this.#result ??= new Promise((resolve, reject) => {
      this.#pending = { id: `older-${++this.#requests}`, limit, refusals: 0, resolve, reject };
      this.resend();
    });
    return this.#result;
  }

  /** The connection is gone: there is no answer to wait for until it is back. */
  pause(): void {
    this.#cancelTimeout();
  }

  /** Asks again, on a new connection. */
  resend(): void {
    const { clock, request } = this.#options;
    this.#cancelTimeout();
    if (this.#pending && this.#before !== undefined) {
      const { id, limit } = this.#pending;
      if (request(id, this.#before, limit)) {
        this.#cancelTimeout = clock.after(PAGE_TIMEOUT_MS, () => this.fail('no answer from the server'));
      }
    }
  }

  /** The server sent a page; one that was not asked for, or no longer, is ignored. */
  receive(id: string, { messages, more }: HistoryPage): void {
    if (this.#pending?.id !== id) {
      return;
    }
    let next = this.#before ?? 0n;
    let previous = this.#previous;
    for (const message of messages.toReversed()) {
      if (message.sequence >= next || (previous !== undefined && message.sequence !== previous)) {
        this.fail(`the page does not end before ${next} (got ${message.sequence})`);
        return;
      }
      next = message.sequence;
      previous = message.previousSequence;
    }
    this.#before = next;
    this.#previous = previous;
    this.#settled()?.resolve({ lines: messages.map(chatLineOf), more });
  }

  /** The server refused a request. */
  refuse({ id, reason, retryAfterMs }: Refusal): void {
    if (this.#pending?.id !== id) {
      return;
    }
    if (retryAfterMs === undefined || ++this.#pending.refusals >= PAGE_ATTEMPTS) {
      this.fail(reason);
    } else {
      this.#cancelTimeout();
      this.#cancelTimeout = this.#options.clock.after(retryAfterMs + PAGE_RETRY_MS, () => this.resend());
    }
  }

  /** Gives up what is being waited for. */
  fail(reason: string): void {
    this.#settled()?.reject(new Error(`older messages: ${reason}`));
  }

  #settled(): Pending | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    this.#result = undefined;
    this.#cancelTimeout();
    return pending;
  }
}

import type { ChatTransport } from './channel';

/** The preferred transport is given up after this many attempts in a row that did not get into the room. */
export const FALL_BACK_AFTER_ATTEMPTS = 2;

/**
 * Chooses between the preferred transport and the one to fall back on. Pure.
 *
 * The preferred one is given up after {@link FALL_BACK_AFTER_ATTEMPTS} failed attempts in a row, or after one that was not
 * answered in time, since a network that swallows WebSockets will swallow the next one. A connection that was lost is no
 * failed attempt. The fallback stays until it fails, too, or the preferred one is back: then it is the preferred one's turn
 * again, and each further failure of it is followed by an attempt with the fallback, at once.
 */
export class TransportChoice {
  #preferred: ChatTransport;
  readonly #fallback: ChatTransport | undefined;
  #failures = 0;
  #fellBack = false;

  constructor(preferred: ChatTransport, fallback: ChatTransport | undefined) {
    this.#preferred = preferred;
    this.#fallback = fallback;
  }

  get preferred(): ChatTransport {
    return this.#preferred;
  }

  /** With what to make the next attempt. */
  get current(): ChatTransport {
    return this.#fellBack && this.#fallback ? this.#fallback : this.#preferred;
  }

  get fellBack(): boolean {
    return this.#fellBack;
  }

  /** Whether it would make a difference if the current attempt failed. */
  get hasFallback(): boolean {
    return this.#fallback !== undefined && !this.#fellBack;
  }

  /** An attempt with the current transport failed. Returns whether the other is to be tried at once. */
  failed(timedOut: boolean): boolean {
    if (!this.hasFallback) {
      this.#fellBack = false;
      return false;
    }
    this.#failures += timedOut ? FALL_BACK_AFTER_ATTEMPTS : 1;
    this.#fellBack = this.#failures >= FALL_BACK_AFTER_ATTEMPTS;
    return this.#fellBack;
  }

  /** The preferred transport got into the room. */
  returned(): void {
    this.#failures = 0;
    this.#fellBack = false;
  }

  /** Makes another transport the preferred one, with a clean slate. */
  prefer(transport: ChatTransport): void {
    this.#preferred = transport;
    this.returned();
  }
}

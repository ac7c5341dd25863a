import type { Cancel, Clock } from './clock';

/** One's own typing is told at most this often. */
export const TELL_TYPING_EVERY_MS = 2_000;

/** Who was not heard of for this long has stopped typing. Twice the above and some: one event may be lost. */
export const TYPING_EXPIRES_MS = 5_000;

/** More people than this typing at once are not told apart; a page says "several people" long before. */
export const MAX_TYPING = 100;

/** Follows who in the room is typing. */
export class TypingTracker {
  readonly #clock: Clock;
  readonly #onChange: (userIds: readonly string[]) => void;
  /** Who is typing, longest first, and what ends it. */
  readonly #timers = new Map<string, Cancel>();

  constructor(clock: Clock, onChange: (userIds: readonly string[]) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  typing(userId: string): void {
    const cancel = this.#timers.get(userId);
    if (!cancel && this.#timers.size >= MAX_TYPING) {
      return;
    }
    cancel?.();
    this.#timers.set(
      userId,
      this.#clock.after(TYPING_EXPIRES_MS, () => this.stopped(userId)),
    );
    if (!cancel) {
      this.#tell();
    }
  }

  /** What was being typed is here, or its writer left. */
  stopped(userId: string): void {
    this.#timers.get(userId)?.();
    if (this.#timers.delete(userId)) {
      this.#tell();
    }
  }

  /** Nothing is known any more. */
  clear(): void {
    for (const cancel of this.#timers.values()) {
      cancel();
    }
    if (this.#timers.size > 0) {
      this.#timers.clear();
      this.#tell();
    }
  }

  #tell(): void {
    this.#onChange([...this.#timers.keys()]);
  }
}

/** Decides when one's own typing is told. Pure but for the clock. */
export class TypingThrottle {
  readonly #clock: Clock;
  #toldAtMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A key was pressed. Returns whether to tell it. */
  due(): boolean {
    const nowMs = this.#clock.nowMs();
    if (this.#toldAtMs !== undefined && nowMs - this.#toldAtMs < TELL_TYPING_EVERY_MS) {
      return false;
    }
    this.#toldAtMs = nowMs;
    return true;
  }

  /** The message was sent: the next key is news. */
  reset(): void {
    this.#toldAtMs = undefined;
  }
}

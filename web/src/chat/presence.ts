import type { Recovered } from '../gen/duplexer/chat/v1/chat_pb';

/** Who is in the room. */
export interface Presence {
  /** Sorted, oneself included. The server lists at most 1,000. */
  readonly members: readonly string[];
  /** How many there are, also where they are not all listed. */
  readonly count: number;
  /** Who just came or left; absent when the room was entered. */
  readonly change?: { readonly kind: 'joined' | 'left'; readonly userId: string };
}

/** Follows who is in the room. Pure. */
export class PresenceTracker {
  #members = new Set<string>();
  #count = 0;

  entered({ members, memberCount }: Recovered): Presence {
    this.#members = new Set(members);
    this.#count = memberCount;
    return this.#presence();
  }

  /** Returns `undefined` when it was known. */
  joined(userId: string): Presence | undefined {
    if (this.#members.has(userId)) {
      return undefined;
    }
    this.#members.add(userId);
    this.#count++;
    return { ...this.#presence(), change: { kind: 'joined', userId } };
  }

  /** Returns `undefined` when it was known. */
  left(userId: string): Presence | undefined {
    const isListed = this.#members.delete(userId);
    if (!isListed && this.#count === this.#members.size) {
      return undefined;
    }
    this.#count--;
    return { ...this.#presence(), change: { kind: 'left', userId } };
  }

  #presence(): Presence {
    return { members: [...this.#members].sort(), count: this.#count };
  }
}

import type { Environment } from '../environment';

/** A device whose network the spec switches. */
export class FakeEnvironment implements Environment {
  #online = true;
  readonly #listeners = new Set<() => void>();
  readonly #leaving = new Set<() => void>();

  isOnline(): boolean {
    return this.#online;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onLeave(listener: () => void): () => void {
    this.#leaving.add(listener);
    return () => this.#leaving.delete(listener);
  }

  /** The page is left. It comes back with `wake`. */
  leave(): void {
    for (const listener of this.#leaving) {
      listener();
    }
  }

  /** The network goes or comes. */
  setOnline(online: boolean): void {
    this.#online = online;
    this.wake();
  }

  /** Something changed, such as a person looking at the page again. */
  wake(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }

  /** How many listen: 0 when nothing was left behind. */
  get listeners(): number {
    return this.#listeners.size + this.#leaving.size;
  }
}

import type { Environment } from '../../chat/environment';

/** A device whose network is switched off and on by a button. */
export class SwitchedNetwork implements Environment {
  readonly #listeners = new Set<() => void>();
  #online = true;

  isOnline(): boolean {
    return this.#online;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The page that has the button is there. */
  onLeave(): () => void {
    return () => {};
  }

  /** Switches, and tells who listens. */
  set online(online: boolean) {
    this.#online = online;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

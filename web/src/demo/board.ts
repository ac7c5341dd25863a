/** What the experiments of this page measured in this visit, put into words, by the name of the experiment. */
export class Board {
  readonly #figures = new Map<string, string>();
  readonly #listeners = new Set<() => void>();

  /** The words of an experiment; `undefined` before it was made. */
  get(name: string): string | undefined {
    return this.#figures.get(name);
  }

  /** Writes down what an experiment showed; a new one takes the place of the old one. */
  put(name: string, words: string): void {
    this.#figures.set(name, words);
    for (const listener of this.#listeners) {
      listener();
    }
  }

  /** Calls `listener` after each change. */
  listen(listener: () => void): void {
    this.#listeners.add(listener);
  }
}

/** A reader that waits. */
interface Reader {
  resolve(result: IteratorResult<Uint8Array>): void;
  reject(error: unknown): void;
}

/** What a chunk takes in memory besides its bytes, roughly, so that many tiny ones count for what they are. */
export const CHUNK_OVERHEAD_BYTES = 128;

/** How many places of chunks that were read are kept at least, before the others are moved up. */
const SPARE_PLACES = 1024;

const DONE: IteratorResult<Uint8Array> = { done: true, value: undefined };

/**
 * What came and has not been read yet. One reader, which may stop early: `return` and `throw` both tell `onAbandoned`.
 * Connect needs `throw`; see `makeIterableAbortable` there.
 */
export class Inbox implements AsyncIterableIterator<Uint8Array> {
  readonly #onAbandoned: () => void;
  readonly #readers: Reader[] = [];
  /** The queue begins at `#head`: to take away the first of a long array would move all others. */
  #chunks: (Uint8Array | undefined)[] = [];
  #head = 0;
  #queuedBytes = 0;
  #end: { readonly error?: unknown } | undefined;
  #roomMark = 0;
  #onRoom: (() => void) | undefined;

  constructor(onAbandoned: () => void) {
    this.#onAbandoned = onAbandoned;
  }

  /** Bytes that wait to be read, and {@link CHUNK_OVERHEAD_BYTES} for each chunk of them. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Adds what came. Ignored after the end. */
  push(chunk: Uint8Array): void {
    if (this.#end) {
      return;
    }
    const reader = this.#readers.shift();
    if (reader) {
      reader.resolve({ done: false, value: chunk });
    } else {
      this.#chunks.push(chunk);
      this.#queuedBytes += chunk.byteLength + CHUNK_OVERHEAD_BYTES;
    }
  }

  /** Nothing more will come; what is queued is still read. The first end counts. */
  end(): void {
    this.#finish({});
  }

  /** As {@link end}, but after what is queued the reader gets this error. */
  fail(error: unknown): void {
    this.#finish({ error });
  }

  /** Drops what is queued. */
  clear(): void {
    this.#chunks = [];
    this.#head = 0;
    this.#queuedBytes = 0;
  }

  /** Resolves when at most `bytes` wait to be read, or nothing more can come. */
  async room(bytes: number): Promise<void> {
    if (this.#queuedBytes > bytes && !this.#end) {
      this.#roomMark = bytes;
      await new Promise<void>((resolve) => {
        this.#onRoom = resolve;
      });
    }
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const value = this.#take();
    if (value) {
      this.#queuedBytes -= value.byteLength + CHUNK_OVERHEAD_BYTES;
      if (this.#queuedBytes <= this.#roomMark) {
        this.#onRoom?.();
      }
      return { done: false, value };
    }
    if (!this.#end) {
      return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
    }
    if ('error' in this.#end) {
      const { error } = this.#end;
      this.#end = {};
      throw error;
    }
    return DONE;
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    return this.#abandon();
  }

  async throw(): Promise<IteratorResult<Uint8Array>> {
    return this.#abandon();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): Uint8Array | undefined {
    const chunk = this.#chunks[this.#head];
    if (chunk) {
      this.#chunks[this.#head] = undefined;
      this.#head++;
      if (this.#head >= SPARE_PLACES && this.#head * 2 >= this.#chunks.length) {
        this.#chunks.splice(0, this.#head);
        this.#head = 0;
      }
    }
    return chunk;
  }

  #abandon(): IteratorResult<Uint8Array> {
    this.clear();
    this.end();
    this.#onAbandoned();
    return DONE;
  }

  #finish(end: { readonly error?: unknown }): void {
    if (this.#end) {
      return;
    }
    this.#end = end;
    this.#onRoom?.();
    // Waiting readers mean that nothing is queued: each gets the end.
    for (const reader of this.#readers.splice(0)) {
      this.next().then(reader.resolve, reader.reject);
    }
  }
}

import type { Bytes } from '../requestCodec.js';
import { settle } from './turns.js';

type Streams = Awaited<FakeWebSocketStream['opened']>;
type Closed = Awaited<FakeWebSocketStream['closed']>;

/** A `WebSocketStream` whose server is the spec. */
export class FakeWebSocketStream {
  static #current: FakeWebSocketStream | undefined;

  /** The newest. */
  static get current(): FakeWebSocketStream {
    if (!FakeWebSocketStream.#current) {
      throw new Error('no WebSocketStream was made');
    }
    return FakeWebSocketStream.#current;
  }

  readonly written: Bytes[] = [];
  readonly closedWith: number[] = [];
  pulled = 0;
  #incoming: ReadableStreamDefaultController<ArrayBuffer | string> | undefined;
  #open!: (streams: Streams) => void;
  #refuse!: (error: unknown) => void;
  #close!: (how: Closed) => void;
  #lose!: (error: unknown) => void;
  readonly opened: Promise<{
    readonly readable: ReadableStream<ArrayBuffer | string>;
    readonly writable: WritableStream<Bytes>;
  }>;
  readonly closed: Promise<{ readonly closeCode?: number; readonly reason?: string }>;
  readonly url: string;
  readonly protocols: readonly string[];

  constructor(url: string, { protocols }: { protocols: string[] }) {
    this.url = url;
    this.protocols = protocols;
    this.opened = new Promise((resolve, reject) => {
      this.#open = resolve;
      this.#refuse = reject;
    });
    this.closed = new Promise((resolve, reject) => {
      this.#close = resolve;
      this.#lose = reject;
    });
    FakeWebSocketStream.#current = this;
  }

  close({ closeCode }: { closeCode: number }): void {
    this.closedWith.push(closeCode);
    this.#refuse(new Error('closed'));
  }

  async open(): Promise<void> {
    const readable = new ReadableStream<ArrayBuffer | string>(
      {
        start: (controller) => {
          this.#incoming = controller;
        },
        pull: () => {
          this.pulled++;
        },
      },
      { highWaterMark: 0 },
    );
    const writable = new WritableStream<Bytes>({ write: (chunk) => void this.written.push(chunk) });
    this.#open({ readable, writable });
    await settle();
  }

  /** How many messages have come that nobody took. */
  get unread(): number {
    return -(this.#incoming?.desiredSize ?? 0);
  }

  receive(data: ArrayBuffer | string): void {
    this.#incoming?.enqueue(data);
  }

  end(closeCode: number, reason: string): void {
    this.#incoming?.close();
    this.#close({ closeCode, reason });
  }

  lose(error: unknown): void {
    this.#refuse(error);
    this.#incoming?.error(error);
    this.#lose(error);
  }
}

import type { WebSocketClass } from '../../chat/traffic';

/** The close code of a socket that the page cut, from the range that is free for applications. */
const CUT = 4000;

/** The network between a chat client and the server, which can be cut. The client is not told. */
export class Line {
  readonly #open = new Set<() => void>();
  #isCut = false;

  /** Ends every connection there is. New ones may be made. */
  drop(): void {
    for (const end of [...this.#open]) {
      end();
    }
  }

  /** Ends every connection, and lets no new one through until {@link restore}. */
  cut(): void {
    this.#isCut = true;
    this.drop();
  }

  restore(): void {
    this.#isCut = false;
  }

  /** `fetch` over this line. */
  fetch(inner: typeof fetch): typeof fetch {
    return async (input, init) => {
      if (this.#isCut) {
        throw new TypeError('no network: cut by the page');
      }
      const line = new AbortController();
      const end = () => line.abort(new TypeError('network lost: cut by the page'));
      this.#open.add(end);
      const signals = init?.signal ? [init.signal, line.signal] : [line.signal];
      return inner(input, { ...init, signal: AbortSignal.any(signals) });
    };
  }

  /** WebSockets over this line. */
  webSocket(Inner: WebSocketClass): WebSocketClass {
    const open = this.#open;
    const isCut = () => this.#isCut;
    return class extends Inner {
      constructor(url: string, subprotocols: string[]) {
        super(url, subprotocols);
        const end = () => this.close(CUT, 'cut by the page');
        this.addEventListener('close', () => open.delete(end));
        open.add(end);
        if (isCut()) {
          end();
        }
      }
    };
  }
}

/**
 * What went over the network, as far as a page can know it: the bodies of requests and responses (gRPC frames with their
 * prefixes, the trailers too), and the messages of a WebSocket (text as UTF-8). Not counted are HTTP headers, the headers of
 * WebSocket frames, and what compression or TLS make of it.
 */
export interface Traffic {
  /** HTTP requests made and WebSockets opened, also those that failed. */
  readonly requests: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** The class that makes WebSockets: the browser's, that of Node's `ws`, or one's own. */
export type WebSocketClass = new (url: string, subprotocols: string[]) => WebSocket;

/** Adds up what goes over the network. */
export class TrafficMeter {
  readonly #onChange: (traffic: Traffic) => void;
  #traffic: Traffic = { requests: 0, bytesSent: 0, bytesReceived: 0 };

  constructor(onChange: (traffic: Traffic) => void = () => {}) {
    this.#onChange = onChange;
  }

  get traffic(): Traffic {
    return this.#traffic;
  }

  /** `fetch` that counts here. Bodies sent must be bytes, which those of gRPC-Web are. */
  fetch(inner: typeof fetch = (...request) => fetch(...request)): typeof fetch {
    return async (input, init) => {
      this.#add({ requests: 1, bytesSent: lengthOf(init?.body) });
      const response = await inner(input, init);
      return response.body ? new Response(response.body.pipeThrough(this.#counting()), response) : response;
    };
  }

  /** A class of WebSockets that count here. */
  webSocket(Inner: WebSocketClass = WebSocket): WebSocketClass {
    const add = (traffic: Partial<Traffic>) => this.#add(traffic);
    return class extends Inner {
      constructor(url: string, subprotocols: string[]) {
        super(url, subprotocols);
        add({ requests: 1 });
        this.addEventListener('message', ({ data }) => add({ bytesReceived: lengthOf(data) }));
      }

      override send(data: string | ArrayBuffer | ArrayBufferView<ArrayBuffer>): void {
        add({ bytesSent: lengthOf(data) });
        super.send(data);
      }
    };
  }

  #counting(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
    return new TransformStream({
      transform: (chunk, controller) => {
        this.#add({ bytesReceived: chunk.byteLength });
        controller.enqueue(chunk);
      },
    });
  }

  #add({ requests = 0, bytesSent = 0, bytesReceived = 0 }: Partial<Traffic>): void {
    this.#traffic = {
      requests: this.#traffic.requests + requests,
      bytesSent: this.#traffic.bytesSent + bytesSent,
      bytesReceived: this.#traffic.bytesReceived + bytesReceived,
    };
    this.#onChange(this.#traffic);
  }
}

/** The bytes of a body or of a message; text counts as UTF-8. */
export function lengthOf(data: unknown): number {
  if (typeof data === 'string') {
    return new TextEncoder().encode(data).length;
  }
  return data instanceof ArrayBuffer || ArrayBuffer.isView(data) ? data.byteLength : 0;
}

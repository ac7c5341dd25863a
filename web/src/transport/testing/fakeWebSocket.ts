import { block } from './serverBytes.js';

/** A WebSocket whose network and server are the spec. */
export class FakeWebSocket {
  /** All that were made, oldest first; a spec empties it. */
  static readonly all: FakeWebSocket[] = [];

  /** The newest. */
  static get current(): FakeWebSocket {
    const socket = FakeWebSocket.all.at(-1);
    if (!socket) {
      throw new Error('no WebSocket was made');
    }
    return socket;
  }

  binaryType = 'blob';
  bufferedAmount = 0;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  readonly sent: Uint8Array[] = [];
  readonly closedWith: (number | undefined)[] = [];
  readonly url: string;
  readonly protocols: readonly string[];

  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
    FakeWebSocket.all.push(this);
  }

  send(data: Uint8Array): void {
    this.sent.push(data);
  }

  close(code?: number): void {
    this.closedWith.push(code);
  }

  open(): void {
    this.onopen?.({} as never);
  }

  /** A binary message from the server. */
  receive(bytes: Uint8Array): void {
    this.onmessage?.({ data: bytes.slice().buffer } as never);
  }

  receiveText(data: string): void {
    this.onmessage?.({ data } as never);
  }

  /** Response headers from the server. */
  respond(headers: Record<string, string> = {}): void {
    this.receive(block({ 'content-type': 'application/grpc-web+proto', ...headers }));
  }

  /** The connection ends, not by us. */
  end(code: number, reason = '', error?: Error): void {
    if (code === 1006) {
      this.onerror?.({ error } as never);
    }
    this.onclose?.({ code, reason } as never);
  }
}

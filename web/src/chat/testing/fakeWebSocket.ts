import type { WebSocketClass } from '../traffic';

/** A browser's WebSocket as far as the channels use it; its other end is the spec. */
export class FakeWebSocket extends EventTarget {
  static last: FakeWebSocket;

  /** The class, taken for the browser's. */
  static readonly asClass = FakeWebSocket as unknown as WebSocketClass;

  binaryType = 'blob';
  readonly bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: (() => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly sent: (string | Uint8Array)[] = [];
  closeCalls = 0;

  readonly url: string;
  readonly subprotocols: string[];

  constructor(url: string, subprotocols: string[]) {
    super();
    this.url = url;
    this.subprotocols = subprotocols;
    FakeWebSocket.last = this;
  }

  send(data: string | Uint8Array): void {
    this.sent.push(data);
  }

  close(): void {
    this.closeCalls++;
  }

  open(): void {
    this.onopen?.();
  }

  receive(data: string | ArrayBuffer): void {
    const event = new MessageEvent('message', { data });
    this.dispatchEvent(event);
    this.onmessage?.(event);
  }

  end(code: number, reason: string): void {
    this.onclose?.({ code, reason });
  }
}

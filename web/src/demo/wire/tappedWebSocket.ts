import type { WebSocketClass } from '../../chat/traffic';
import type { FrameKind, OpenTap, Tap } from './frame';
import { FrameSplitter } from './frameSplitter';

/** What the page sends and, with the `binaryType` that it uses, receives; no blobs. */
type Payload = string | BufferSource;

/**
 * A `WebSocket` that tells of what crosses it.
 *
 * @param protocol `grpc`: the subprotocol `grpc-websockets`, with the method at the end of the address; `chat`: a message a
 *     frame
 */
export function tappedWebSocket(
  openTap: OpenTap,
  protocol: 'grpc' | 'chat',
  Plain: WebSocketClass = WebSocket,
): WebSocketClass {
  return class extends Plain {
    readonly #up: (data: Payload) => void;

    constructor(url: string, subprotocols: string[]) {
      super(url, subprotocols);
      const { pathname } = new URL(url);
      const tap = openTap(
        protocol === 'grpc' ? pathname.slice(pathname.lastIndexOf('/') + 1) : `${subprotocols}`,
      );
      const taps = protocol === 'grpc' ? grpcTaps(tap) : chatTaps(tap);
      this.#up = taps.up;
      this.addEventListener('open', () => tap('down', 'open', this.protocol, 0));
      this.addEventListener('message', ({ data }: MessageEvent<Payload>) => taps.down(data));
      this.addEventListener('close', ({ code, reason }) =>
        tap('down', 'close', `${code} ${reason}`.trim(), 0),
      );
    }

    override send(data: Payload): void {
      this.#up(data);
      super.send(data);
    }
  };
}

interface Taps {
  readonly up: (data: Payload) => void;
  readonly down: (data: Payload) => void;
}

function chatTaps(tap: Tap): Taps {
  return {
    up: (data) => tap('up', 'message', text(data)),
    down: (data) => tap('down', 'message', text(data)),
  };
}

function text(data: Payload): string | Uint8Array {
  return typeof data === 'string' ? data : toBytes(data);
}

/** Up, each message is a unit; down, the messages are a stream of gRPC frames, the first of them the headers. */
function grpcTaps(tap: Tap): Taps {
  const splitter = new FrameSplitter();
  let first = true;
  let awaitsHeaders = true;
  return {
    up(data) {
      const bytes = toBytes(data);
      const kind: FrameKind = first ? 'headers' : bytes[0] === 1 ? 'half-close' : 'message';
      first = false;
      tap('up', kind, bytes);
    },
    down(data) {
      for (const { flags, bytes, length } of splitter.push(toBytes(data))) {
        const isBlock = (flags & 0x80) !== 0;
        // A call that ends before it has headers sends its trailers only.
        const isHeaders =
          isBlock && awaitsHeaders && !new TextDecoder().decode(bytes).includes('grpc-status');
        awaitsHeaders = false;
        tap('down', isHeaders ? 'headers' : isBlock ? 'trailers' : 'message', bytes, length);
      }
    },
  };
}

function toBytes(data: Payload): Uint8Array {
  if (typeof data === 'string') {
    return new TextEncoder().encode(data);
  }
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

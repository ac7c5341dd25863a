import type { Message } from '../gen/duplexer/chat/v1/chat_pb';
import type { ChannelListener, ChannelRequest, ChatTransport } from './channel';
import { describeClose, mayReconnectAfter } from './closeCode';
import { DuplexChannel } from './duplexChannel';
import type { FrameCodec } from './frameCodec';
import { jsonCodec } from './jsonCodec';
import type { WebSocketClass } from './traffic';

/** How to reach the chat WebSocket. */
export interface WebSocketChannelOptions {
  /** Where it is, e.g. `wss://chat.example/ws`. */
  readonly url: string;
  /** How messages look on it; JSON unless given. */
  readonly codec?: FrameCodec;
  /** Makes the socket; the browser's own unless given. */
  readonly webSocket?: WebSocketClass;
}

/**
 * One WebSocket carries both directions: what is sent and what is received, in one order each. Its name is
 * `websocket-json` or `websocket-protobuf`.
 */
export function webSocketChannel({
  url,
  codec = jsonCodec,
  webSocket,
}: WebSocketChannelOptions): ChatTransport {
  return {
    name: `websocket-${codec.name}`,
    open(request, listener, meter) {
      const Socket = meter.webSocket(webSocket);
      return new WebSocketChannel(new Socket(url, [codec.subprotocol]), codec, request, listener);
    },
  };
}

class WebSocketChannel extends DuplexChannel {
  readonly #socket: WebSocket;
  readonly #codec: FrameCodec;
  readonly #listener: ChannelListener;

  constructor(socket: WebSocket, codec: FrameCodec, request: ChannelRequest, listener: ChannelListener) {
    super(request);
    this.#socket = socket;
    this.#codec = codec;
    this.#listener = listener;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.join();
    socket.onmessage = ({ data }) => this.#receive(data);
    // Always followed by a close. Node's `ws` throws where nobody listens, so it stays after the end.
    socket.onerror = () => {};
    socket.onclose = ({ code, reason }) => {
      this.close();
      listener.onEnd({ reason: describeClose(code, reason), mayReconnect: mayReconnectAfter(code) });
    };
  }

  close(): void {
    this.#socket.onopen = null;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
  }

  protected write(message: Message): void {
    this.#socket.send(this.#codec.encode(message));
  }

  #receive(data: string | ArrayBuffer): void {
    let message: Message;
    try {
      message = this.#codec.decode(data);
    } catch (error) {
      this.close();
      const reason = `the server sent a frame that cannot be read: ${String(error)}`;
      this.#listener.onEnd({ reason, mayReconnect: false });
      return;
    }
    this.#listener.onMessage(message);
  }
}

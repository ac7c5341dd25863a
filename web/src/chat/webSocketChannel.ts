import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { MessageSchema } from '../gen/duplexer/chat/v1/chat_pb';
import type { Channel, ChannelListener, ChannelRequest, OpenChannel } from './channel';
import { describeClose, mayReconnectAfter } from './closeCode';
import type { FrameCodec } from './frameCodec';
import { jsonCodec } from './jsonCodec';

/** How to reach the chat WebSocket. */
export interface WebSocketChannelOptions {
  /** Where it is, e.g. `wss://chat.example/ws`. */
  readonly url: string;
  /** How messages look on it; JSON unless given. */
  readonly codec?: FrameCodec;
  /** Makes the socket; the browser's own unless given. */
  readonly newWebSocket?: (url: string, subprotocol: string) => WebSocket;
}

/** One WebSocket carries both directions: what is sent and what is received, in one order each. */
export function webSocketChannel(options: WebSocketChannelOptions): OpenChannel {
  return (request, listener) => new WebSocketChannel(options, request, listener);
}

class WebSocketChannel implements Channel {
  readonly #codec: FrameCodec;
  readonly #socket: WebSocket;
  readonly #request: ChannelRequest;
  readonly #listener: ChannelListener;

  constructor(options: WebSocketChannelOptions, request: ChannelRequest, listener: ChannelListener) {
    const newWebSocket = options.newWebSocket ?? ((url, subprotocol) => new WebSocket(url, subprotocol));
    this.#codec = options.codec ?? jsonCodec;
    this.#request = request;
    this.#listener = listener;
    this.#socket = newWebSocket(options.url, this.#codec.subprotocol);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onopen = () => this.#write({ event: { case: 'join', value: request.join } });
    this.#socket.onmessage = ({ data }) => this.#receive(data);
    this.#socket.onclose = ({ code, reason }) => {
      this.close();
      listener.onEnd({ reason: describeClose(code, reason), mayReconnect: mayReconnectAfter(code) });
    };
  }

  send(id: string, content: string): void {
    this.#write({ id, content });
  }

  close(): void {
    this.#socket.onopen = null;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
  }

  #write(fields: Exclude<MessageInitShape<typeof MessageSchema>, { $typeName: string }>): void {
    const { userId, room } = this.#request;
    this.#socket.send(this.#codec.encode(create(MessageSchema, { userId, room, ...fields })));
  }

  #receive(data: string | ArrayBuffer): void {
    try {
      this.#listener.onMessage(this.#codec.decode(data));
    } catch (error) {
      this.close();
      const reason = `the server sent a frame that cannot be read: ${String(error)}`;
      this.#listener.onEnd({ reason, mayReconnect: false });
    }
  }
}

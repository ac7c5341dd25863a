import { type Client, createClient } from '@connectrpc/connect';
import { ChatService, type Message } from '../gen/duplexer/chat/v1/chat_pb';
import { createGrpcWebSocketTransport } from '../transport';
import type { ChannelListener, ChannelRequest, ChatTransport } from './channel';
import { DuplexChannel } from './duplexChannel';
import { ReceivingCall } from './receivingCall';
import { SendQueue } from './sendQueue';
import type { WebSocketClass } from './traffic';

/** How to make the call. */
export interface GrpcWebSocketChannelOptions {
  /** Where the server is, e.g. `https://chat.example`. */
  readonly baseUrl: string;
  /** Makes the socket; the browser's own unless given. */
  readonly webSocket?: WebSocketClass;
}

/** One `Chat` call, a stream each way, over the gRPC-on-WebSocket transport. Its name is `grpc-websocket`. */
export function grpcWebSocketChannel({ baseUrl, webSocket }: GrpcWebSocketChannelOptions): ChatTransport {
  return {
    name: 'grpc-websocket',
    open(request, listener, meter) {
      const transport = createGrpcWebSocketTransport({ baseUrl, webSocket: meter.webSocket(webSocket) });
      return new GrpcWebSocketChannel(createClient(ChatService, transport), request, listener);
    },
  };
}

class GrpcWebSocketChannel extends DuplexChannel {
  readonly #call: ReceivingCall;
  readonly #outgoing = new SendQueue<Message>();

  constructor(client: Client<typeof ChatService>, request: ChannelRequest, listener: ChannelListener) {
    super(request);
    this.#call = new ReceivingCall(listener);
    this.join();
    void this.#call.read((options) => client.chat(this.#outgoing, options));
  }

  close(): void {
    this.#call.leave();
    this.#outgoing.end();
  }

  protected write(message: Message): void {
    this.#outgoing.push(message);
  }
}

import { type Client, ConnectError, createClient } from '@connectrpc/connect';
import { ChatService, type Message } from '../gen/duplexer/chat/v1/chat_pb';
import { createGrpcWebSocketTransport } from '../transport';
import type { ChannelListener, ChannelRequest, ChatTransport } from './channel';
import { DuplexChannel } from './duplexChannel';
import { describeError, mayRetryAfter } from './grpcStatus';
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
  readonly #listener: ChannelListener;
  readonly #abort = new AbortController();
  readonly #outgoing: Message[] = [];
  #wake: () => void = () => {};

  constructor(client: Client<typeof ChatService>, request: ChannelRequest, listener: ChannelListener) {
    super(request);
    this.#listener = listener;
    this.join();
    void this.#receiveAll(client);
  }

  close(): void {
    this.#abort.abort();
    this.#wake();
  }

  protected write(message: Message): void {
    this.#outgoing.push(message);
    this.#wake();
  }

  /** What is said, as it is said; the call takes it as fast as the socket does. */
  async *#said(): AsyncGenerator<Message> {
    while (!this.#abort.signal.aborted) {
      const next = this.#outgoing.shift();
      if (next) {
        yield next;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  async #receiveAll(client: Client<typeof ChatService>): Promise<void> {
    const { signal } = this.#abort;
    try {
      for await (const message of client.chat(this.#said(), { signal })) {
        if (signal.aborted) {
          return;
        }
        this.#listener.onMessage(message);
      }
      this.#end('the server ended the stream', true);
    } catch (error) {
      this.#end(describeError(error), mayRetryAfter(ConnectError.from(error).code));
    }
  }

  #end(reason: string, mayReconnect: boolean): void {
    if (!this.#abort.signal.aborted) {
      this.#abort.abort();
      this.#listener.onEnd({ reason, mayReconnect });
    }
  }
}

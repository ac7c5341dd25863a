import { create } from '@bufbuild/protobuf';
import { type Client, Code, ConnectError, createClient } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';
import { ChatService, type HistoryPage, type Message, MessageSchema } from '../gen/duplexer/chat/v1/chat_pb';
import type { Channel, ChannelListener, ChannelRequest, ChatTransport } from './channel';
import { describeError, mayRetryAfter } from './grpcStatus';
import { ReceivingCall } from './receivingCall';

/** How to make the calls. */
export interface GrpcWebChannelOptions {
  /** Where the server is, e.g. `https://chat.example`. */
  readonly baseUrl: string;
  /** Makes the requests; the browser's own unless given. */
  readonly fetch?: typeof fetch;
}

/**
 * gRPC-Web has no call with two directions in a browser, so this channel is made of many: one `SubscribeToMessages`
 * stream for all that is received, one `SendMessage` for each message that is sent, one `ReadHistory` for each page of
 * older messages. Its name is `grpc-web`.
 */
export function grpcWebChannel({ baseUrl, fetch }: GrpcWebChannelOptions): ChatTransport {
  return {
    name: 'grpc-web',
    open(request, listener, meter) {
      const transport = createGrpcWebTransport({ baseUrl, fetch: meter.fetch(fetch) });
      return new GrpcWebChannel(createClient(ChatService, transport), request, listener);
    },
  };
}

class GrpcWebChannel implements Channel {
  readonly #client: Client<typeof ChatService>;
  readonly #request: ChannelRequest;
  readonly #listener: ChannelListener;
  readonly #stream: ReceivingCall;
  /** Ends when the last message sent was answered: one call at a time, or messages could overtake each other. */
  #sending: Promise<void> = Promise.resolve();

  constructor(client: Client<typeof ChatService>, request: ChannelRequest, listener: ChannelListener) {
    this.#client = client;
    this.#request = request;
    this.#listener = listener;
    this.#stream = new ReceivingCall(listener);
    void this.#stream.read((options) => client.subscribeToMessages(request, options));
  }

  send(id: string, content: string): void {
    this.#sending = this.#sending.then(() => this.#sendOne(id, content));
  }

  sendTyping(): void {
    const { userId, room } = this.#request;
    const typing = { userId, room, event: { case: 'typing' as const, value: {} } };
    // What goes wrong here is of no use to anybody: if it is the connection, the stream tells.
    this.#client.sendMessage(typing, { signal: this.#stream.signal }).catch(() => {});
  }

  readHistory(id: string, before: bigint, limit: number): void {
    const { userId, room } = this.#request;
    void this.#call(id, async (options) => {
      const value = await this.#client.readHistory({ userId, room, before, limit }, options);
      return () => this.#listener.onMessage(history(id, value));
    });
  }

  close(): void {
    this.#stream.leave();
  }

  #sendOne(id: string, content: string): Promise<void> {
    const { userId, room } = this.#request;
    return this.#call(id, async (options) => {
      const { sequence } = await this.#client.sendMessage({ id, userId, room, content }, options);
      return () => this.#listener.onAcknowledged({ id, sequence });
    });
  }

  /** Makes a unary call, and tells its result unless the channel is over by then. */
  async #call(id: string, make: (options: { signal: AbortSignal }) => Promise<() => void>): Promise<void> {
    const { signal } = this.#stream;
    if (signal.aborted) {
      return;
    }
    let tell: () => void;
    try {
      tell = await make({ signal });
    } catch (error) {
      tell = () => this.#failed(id, error);
    }
    if (!signal.aborted) {
      tell();
    }
  }

  #failed(id: string, error: unknown): void {
    const reason = describeError(error);
    const { code } = ConnectError.from(error);
    if (code === Code.Unknown) {
      // No answer of the server: the network failed, and whether the message arrived cannot be known.
      this.#stream.end(reason, true);
    } else {
      this.#listener.onRefused({ id, reason, retryAfterMs: mayRetryAfter(code) ? 0 : undefined });
    }
  }
}

/** The answer to `ReadHistory` as the event that the other channels bring. */
function history(id: string, value: HistoryPage): Message {
  return create(MessageSchema, { id, event: { case: 'history', value } });
}

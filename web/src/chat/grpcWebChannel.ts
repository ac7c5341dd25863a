import { type Client, ConnectError } from '@connectrpc/connect';
import type { ChatService } from '../gen/duplexer/chat/v1/chat_pb';
import type { Channel, ChannelListener, ChannelRequest, OpenChannel } from './channel';
import { describeError, mayRetryAfter } from './grpcStatus';

/**
 * gRPC-Web has no call with two directions in a browser, so this channel is made of many: one
 * `SubscribeToMessages` stream for all that is received, one `SendMessage` for each message that is sent.
 */
export function grpcWebChannel(client: Client<typeof ChatService>): OpenChannel {
  return (request, listener) => new GrpcWebChannel(client, request, listener);
}

class GrpcWebChannel implements Channel {
  readonly #client: Client<typeof ChatService>;
  readonly #request: ChannelRequest;
  readonly #listener: ChannelListener;
  readonly #abort = new AbortController();
  /** Ends when the last message sent was answered: one call at a time, or messages could overtake each other. */
  #sending: Promise<void> = Promise.resolve();

  constructor(client: Client<typeof ChatService>, request: ChannelRequest, listener: ChannelListener) {
    this.#client = client;
    this.#request = request;
    this.#listener = listener;
    void this.#receiveAll();
  }

  send(id: string, content: string): void {
    this.#sending = this.#sending.then(() => this.#sendOne(id, content));
  }

  close(): void {
    this.#abort.abort();
  }

  async #receiveAll(): Promise<void> {
    const { signal } = this.#abort;
    try {
      for await (const message of this.#client.subscribeToMessages(this.#request, { signal })) {
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

  async #sendOne(id: string, content: string): Promise<void> {
    const { signal } = this.#abort;
    if (signal.aborted) {
      return;
    }
    const { userId, room } = this.#request;
    try {
      const { sequence } = await this.#client.sendMessage({ id, userId, room, content }, { signal });
      if (!signal.aborted) {
        this.#listener.onAcknowledged({ id, sequence });
      }
    } catch (error) {
      if (!signal.aborted) {
        const retryAfterMs = mayRetryAfter(ConnectError.from(error).code) ? 0 : undefined;
        this.#listener.onRefused({ id, reason: describeError(error), retryAfterMs });
      }
    }
  }

  #end(reason: string, mayReconnect: boolean): void {
    if (!this.#abort.signal.aborted) {
      this.#abort.abort();
      this.#listener.onEnd({ reason, mayReconnect });
    }
  }
}

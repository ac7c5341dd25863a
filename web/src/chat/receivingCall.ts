import { ConnectError } from '@connectrpc/connect';
import type { Message } from '../gen/duplexer/chat/v1/chat_pb';
import type { ChannelListener } from './channel';
import { describeError, mayRetryAfter } from './grpcStatus';

/** The streaming call that a gRPC channel receives by: passes on what comes, and says once how it ended. */
export class ReceivingCall {
  readonly #abort = new AbortController();
  readonly #listener: ChannelListener;

  constructor(listener: ChannelListener) {
    this.#listener = listener;
  }

  /** Aborted when the call is over, for whatever reason. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Makes the call and reads it to its end. Call once. */
  async read(make: (options: { signal: AbortSignal }) => AsyncIterable<Message>): Promise<void> {
    const { signal } = this;
    try {
      for await (const message of make({ signal })) {
        if (signal.aborted) {
          return;
        }
        this.#listener.onMessage(message);
      }
      this.end('the server ended the stream', true);
    } catch (error) {
      this.end(describeError(error), mayRetryAfter(ConnectError.from(error).code));
    }
  }

  /** Ends the call and tells it, unless it is over. */
  end(reason: string, mayReconnect: boolean): void {
    if (!this.signal.aborted) {
      this.leave();
      this.#listener.onEnd({ reason, mayReconnect });
    }
  }

  /** Ends the call without telling. Idempotent. */
  leave(): void {
    this.#abort.abort();
  }
}

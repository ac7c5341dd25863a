import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { MessageSchema, type RecoveredSchema, type RejectedSchema } from '../../gen/duplexer/chat/v1/chat_pb';
import type { Channel, ChannelListener, ChannelRequest, OpenChannel } from '../channel';

/** The fields of a message of `Schema`, all optional. */
type Fields<Schema extends Parameters<typeof create>[0]> = Exclude<
  MessageInitShape<Schema>,
  { $typeName: string }
>;

/** A channel whose other end is the spec. */
export class FakeChannel implements Channel {
  readonly sent: { readonly id: string; readonly content: string }[] = [];
  closed = false;

  readonly request: ChannelRequest;
  readonly #listener: ChannelListener;

  constructor(request: ChannelRequest, listener: ChannelListener) {
    this.request = request;
    this.#listener = listener;
  }

  send(id: string, content: string): void {
    this.sent.push({ id, content });
  }

  close(): void {
    this.closed = true;
  }

  /** The server answers the join. */
  join(fields: Fields<typeof RecoveredSchema> = {}): void {
    this.receive({ event: { case: 'recovered', value: { epoch: 'e1', ...fields } } });
  }

  /** The server sends a chat message. */
  line(sequence: bigint, previousSequence: bigint, fields: Fields<typeof MessageSchema> = {}): void {
    this.receive({ userId: 'bob', content: `line ${sequence}`, sequence, previousSequence, ...fields });
  }

  /** The server refuses what was sent under `id`. */
  reject(id: string, value: Fields<typeof RejectedSchema>): void {
    this.receive({ id, event: { case: 'rejected', value } });
  }

  receive(fields: Fields<typeof MessageSchema>): void {
    this.#listener.onMessage(create(MessageSchema, fields));
  }

  acknowledge(id: string, sequence: bigint): void {
    this.#listener.onAcknowledged({ id, sequence });
  }

  end(reason = 'lost', mayReconnect = true): void {
    this.#listener.onEnd({ reason, mayReconnect });
  }
}

/** Opens fake channels and keeps them, oldest first. */
export class FakeChannels {
  readonly all: FakeChannel[] = [];

  readonly open: OpenChannel = (request, listener) => {
    const channel = new FakeChannel(request, listener);
    this.all.push(channel);
    return channel;
  };

  /** The channel in use. */
  get current(): FakeChannel {
    const channel = this.all.at(-1);
    if (!channel) {
      throw new Error('no channel was opened');
    }
    return channel;
  }
}

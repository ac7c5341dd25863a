import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type HistoryPageSchema,
  MessageSchema,
  type RecoveredSchema,
  type RejectedSchema,
} from '../../gen/duplexer/chat/v1/chat_pb';
import type { Channel, ChannelListener, ChannelRequest, ChatTransport } from '../channel';

/** The fields of a message of `Schema`, all optional. */
type Fields<Schema extends Parameters<typeof create>[0]> = Exclude<
  MessageInitShape<Schema>,
  { $typeName: string }
>;

/** A channel whose other end is the spec. */
export class FakeChannel implements Channel {
  readonly sent: { readonly id: string; readonly content: string }[] = [];
  readonly pages: { readonly id: string; readonly before: bigint; readonly limit: number }[] = [];
  typingSent = 0;
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

  sendTyping(): void {
    this.typingSent++;
  }

  readHistory(id: string, before: bigint, limit: number): void {
    this.pages.push({ id, before, limit });
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

  /** The server sends the page of history that was asked for last. */
  history(value: Fields<typeof HistoryPageSchema>, id = this.pages.at(-1)?.id ?? ''): void {
    this.receive({ id, event: { case: 'history', value } });
  }

  receive(fields: Fields<typeof MessageSchema>): void {
    this.#tell(() => this.#listener.onMessage(create(MessageSchema, fields)));
  }

  acknowledge(id: string, sequence: bigint): void {
    this.#tell(() => this.#listener.onAcknowledged({ id, sequence }));
  }

  end(reason = 'lost', mayReconnect = true): void {
    this.#tell(() => this.#listener.onEnd({ reason, mayReconnect }));
  }

  /** After `close` the listener hears nothing more. */
  #tell(what: () => void): void {
    if (!this.closed) {
      what();
    }
  }
}

/** Opens fake channels and keeps them, oldest first. */
export class FakeChannels implements ChatTransport {
  readonly all: FakeChannel[] = [];
  readonly name: string;
  readonly #log: string[];

  /** @param log gets the name each time that a channel is opened */
  constructor(name = 'fake', log: string[] = []) {
    this.name = name;
    this.#log = log;
  }

  open(request: ChannelRequest, listener: ChannelListener): FakeChannel {
    const channel = new FakeChannel(request, listener);
    this.all.push(channel);
    this.#log.push(this.name);
    return channel;
  }

  /** The channel in use. */
  get current(): FakeChannel {
    const channel = this.all.at(-1);
    if (!channel) {
      throw new Error('no channel was opened');
    }
    return channel;
  }
}

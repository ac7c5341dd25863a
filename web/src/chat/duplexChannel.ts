import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { type Message, MessageSchema } from '../gen/duplexer/chat/v1/chat_pb';
import type { Channel, ChannelRequest } from './channel';

/** A channel that carries both directions: all that its person says is a message on it, in order. */
export abstract class DuplexChannel implements Channel {
  readonly #request: ChannelRequest;

  constructor(request: ChannelRequest) {
    this.#request = request;
  }

  send(id: string, content: string): void {
    this.#say({ id, content });
  }

  sendTyping(): void {
    // With an id a refusal, such as that of too high a rate, is not taken for one of the whole connection.
    this.#say({ id: 'typing', event: { case: 'typing', value: {} } });
  }

  readHistory(id: string, before: bigint, limit: number): void {
    this.#say({ id, event: { case: 'readHistory', value: { before, limit } } });
  }

  abstract close(): void;

  /** Says what must be said first. */
  protected join(): void {
    this.#say({ event: { case: 'join', value: this.#request.join } });
  }

  protected abstract write(message: Message): void;

  #say(fields: Exclude<MessageInitShape<typeof MessageSchema>, { $typeName: string }>): void {
    const { userId, room } = this.#request;
    this.write(create(MessageSchema, { userId, room, ...fields }));
  }
}

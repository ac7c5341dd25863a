import { create } from '@bufbuild/protobuf';
import type { Channel, ChatTransport } from '../../chat/channel';
import { type Cancel, type Clock, systemClock } from '../../chat/clock';
import { TrafficMeter } from '../../chat/traffic';
import { JoinSchema, type Message } from '../../gen/duplexer/chat/v1/chat_pb';
import { ANSWER_TIMEOUT_MS } from './call';

/** One joined channel, read message by message: what a call on the chat WebSocket is made of. */
export class ScratchSession {
  readonly #clock: Clock;
  readonly #channel: Channel;
  readonly #received: Message[] = [];
  #ended: Error | undefined;
  #wake: () => void = () => {};

  private constructor(transport: ChatTransport, userId: string, room: string, history: number, clock: Clock) {
    this.#clock = clock;
    this.#channel = transport.open(
      { userId, room, join: create(JoinSchema, { history }) },
      {
        onMessage: (message) => this.#receive(message),
        onAcknowledged: () => {},
        onRefused: ({ reason }) => this.#fail(reason),
        onEnd: ({ reason }) => this.#fail(reason),
      },
      new TrafficMeter(),
    );
  }

  /** Opens a channel and waits for the answer to its join. */
  static async join(
    transport: ChatTransport,
    { userId, name }: { readonly userId: string; readonly name: string },
    history = 0,
    clock: Clock = systemClock,
  ): Promise<ScratchSession> {
    const session = new ScratchSession(transport, userId, name, history, clock);
    try {
      await session.#until(({ event }) => event.case === 'recovered');
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  send(id: string, content: string): void {
    this.#channel.send(id, content);
  }

  /** Waits for the next chat message. */
  nextLine(): Promise<Message> {
    return this.#until(({ event }) => event.case === undefined);
  }

  close(): void {
    this.#channel.close();
    this.#fail('closed');
  }

  async #until(wanted: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const message = this.#received.shift();
      if (message === undefined) {
        await this.#change();
      } else if (wanted(message)) {
        return message;
      } else if (message.event.case === 'rejected') {
        throw new Error(message.event.value.reason);
      }
    }
  }

  async #change(): Promise<void> {
    if (this.#ended) {
      throw this.#ended;
    }
    let cancel: Cancel = () => {};
    await new Promise<void>((resolve, reject) => {
      this.#wake = () => (this.#ended ? reject(this.#ended) : resolve());
      cancel = this.#clock.after(ANSWER_TIMEOUT_MS, () => {
        reject(new Error(`no message within ${ANSWER_TIMEOUT_MS / 1_000} s`));
      });
    }).finally(() => cancel());
  }

  #receive(message: Message): void {
    this.#received.push(message);
    this.#wake();
  }

  #fail(reason: string): void {
    this.#ended ??= new Error(reason);
    this.#wake();
  }
}

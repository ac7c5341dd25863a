import { create } from '@bufbuild/protobuf';
import type { Channel, ChatTransport } from '../../chat/channel';
import { type Clock, systemClock } from '../../chat/clock';
import { TrafficMeter } from '../../chat/traffic';
import { JoinSchema, type Message } from '../../gen/duplexer/chat/v1/chat_pb';
import { ANSWER_TIMEOUT_MS } from '../calls/call';

/** One person in one room by one transport, who knows when each message was acknowledged: stored, and its place known. */
export class Lane {
  readonly meter = new TrafficMeter();
  readonly #clock: Clock;
  readonly #channel: Channel;
  readonly #waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  #ended: Error | undefined;

  /** Use {@link join}. */
  private constructor(chat: ChatTransport, userId: string, room: string, clock: Clock) {
    this.#clock = clock;
    this.#channel = chat.open(
      { userId, room, join: create(JoinSchema, {}) },
      {
        onMessage: (message) => this.#receive(message),
        onAcknowledged: ({ id }) => this.#settle(id),
        onRefused: ({ id, reason }) => this.#settle(id, new Error(reason)),
        onEnd: ({ reason }) => this.#end(new Error(reason)),
      },
      this.meter,
    );
  }

  /** Enters the room. */
  static async join(
    chat: ChatTransport,
    userId: string,
    room: string,
    clock: Clock = systemClock,
  ): Promise<Lane> {
    const lane = new Lane(chat, userId, room, clock);
    try {
      await lane.#answer('join');
    } catch (error) {
      lane.close();
      throw error;
    }
    return lane;
  }

  /** Sends a message; resolves when it is acknowledged, rejects in the server's words when it is refused. */
  send(id: string, content: string): Promise<void> {
    const answer = this.#answer(id);
    this.#channel.send(id, content);
    return answer;
  }

  /** Leaves. What is not answered by then fails. */
  close(): void {
    this.#channel.close();
    this.#end(new Error('closed'));
  }

  async #answer(id: string): Promise<void> {
    if (this.#ended) {
      throw this.#ended;
    }
    const cancel = this.#clock.after(ANSWER_TIMEOUT_MS, () => {
      this.#settle(id, new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1_000} s`));
    });
    await new Promise<void>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    }).finally(cancel);
  }

  #receive({ id, event }: Message): void {
    switch (event.case) {
      case undefined:
        this.#settle(id);
        break;
      case 'recovered':
        this.#settle('join');
        break;
      case 'rejected':
        this.#settle(id, new Error(event.value.reason));
        break;
      default:
    }
  }

  #settle(id: string, error?: Error): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) {
      waiting?.reject(error);
    } else {
      waiting?.resolve();
    }
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const id of [...this.#waiting.keys()]) {
      this.#settle(id, error);
    }
  }
}

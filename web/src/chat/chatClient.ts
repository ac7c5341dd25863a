import type { Message, Recovered } from '../gen/duplexer/chat/v1/chat_pb';
import { type Backoff, DEFAULT_BACKOFF } from './backoff';
import type { OpenChannel } from './channel';
import { type Clock, systemClock } from './clock';
import { Connection, type ConnectionState } from './connection';
import { Listeners } from './listeners';
import { newId } from './newId';
import { Outbox, type Outgoing } from './outbox';
import { type Gap, SequenceTracker } from './sequenceTracker';

/** A chat message at its place in the room. */
export interface ChatLine {
  readonly id: string;
  readonly userId: string;
  readonly content: string;
  readonly timestampMs: number;
  readonly sequence: bigint;
}

/** What a chat client tells. */
export interface ChatEvents {
  /** The connection's state changed. */
  state: ConnectionState;
  /** The room was entered, for the first time or again; what was missed follows as `line` events. */
  joined: Recovered;
  /** The next message of the room: each once, in the room's order. */
  line: ChatLine;
  /** A message of one's own was written, acknowledged or refused. Its `line` comes by itself, before or after. */
  outgoing: Outgoing;
  /** Messages are missing for good between the line before and the line after. */
  gap: Gap;
  /** The server refused something that was not a message, for a person to read. */
  problem: string;
}

/** How a chat client is set up. Only the first three must be given. */
export interface ChatClientOptions {
  /** Who writes: at most 128 bytes. */
  readonly userId: string;
  /** The room: at most 128 bytes. */
  readonly room: string;
  /** The way to the server. */
  readonly openChannel: OpenChannel;
  /** How many of the newest messages to begin with, at most 1,000; 50 fill a screen. */
  readonly history?: number;
  readonly backoff?: Backoff;
  readonly clock?: Clock;
  /** Returns a number from 0 to below 1. */
  readonly random?: () => number;
  /** Makes the ids of messages, which must not repeat for one user in one room. */
  readonly newId?: () => string;
}

/**
 * One person in one room, over connections that come and go: every message once, in order, with whatever is missing
 * reported; every message written kept until the server has acknowledged it. Knows no page.
 */
export class ChatClient {
  readonly #events = new Listeners<ChatEvents>();
  readonly #tracker = new SequenceTracker();
  readonly #userId: string;
  readonly #connection: Connection;
  readonly #outbox: Outbox;

  constructor(options: ChatClientOptions) {
    const shared = {
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
      backoff: options.backoff ?? DEFAULT_BACKOFF,
    };
    this.#userId = options.userId;
    this.#outbox = new Outbox({
      ...shared,
      newId: options.newId ?? newId,
      transmit: (id, content) => this.#connection.send(id, content),
      onChange: (outgoing) => this.#events.emit('outgoing', outgoing),
    });
    this.#connection = new Connection({
      ...shared,
      userId: options.userId,
      room: options.room,
      openChannel: options.openChannel,
      history: options.history ?? 50,
      resumePoint: () => this.#tracker.resumePoint,
      onState: (state) => this.#events.emit('state', state),
      onJoined: (recovered) => this.#joined(recovered),
      onMessage: (message) => this.#receive(message),
      onAcknowledged: ({ id, sequence }) => this.#outbox.acknowledge(id, sequence),
      onRefused: (refusal) => this.#outbox.refuse(refusal),
    });
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** Calls `listener` for each `name` event, until the returned function is called. */
  on<Name extends keyof ChatEvents>(name: Name, listener: (value: ChatEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Enters the room and stays in it until `close`. Call once, after the listeners are in place. */
  connect(): void {
    this.#connection.open();
  }

  /** Makes the next attempt now, when one is being waited for. */
  reconnectNow(): void {
    this.#connection.reconnectNow();
  }

  /** Writes a message: `outgoing` says at once that it is pending, and later how it went. Returns its id. */
  send(content: string): string {
    return this.#outbox.send(content);
  }

  /** Sends a failed message again under the same id, so that it cannot be published twice. */
  retry(id: string): void {
    this.#outbox.retry(id);
  }

  /** Leaves the room for good. Idempotent. */
  close(): void {
    this.#outbox.close();
    this.#connection.close();
  }

  #joined(recovered: Recovered): void {
    const gap = this.#tracker.joined(recovered);
    if (gap) {
      this.#events.emit('gap', gap);
    }
    this.#events.emit('joined', recovered);
    this.#outbox.resend();
  }

  #receive(message: Message): void {
    const { id, event, sequence } = message;
    if (event.case === 'rejected') {
      const { reason, retryAfterMillis } = event.value;
      if (id === '') {
        this.#events.emit('problem', reason);
      } else {
        this.#outbox.refuse({ id, reason, retryAfterMs: retryAfterMillis || undefined });
      }
    } else if (event.case === undefined && sequence > 0n) {
      this.#receiveLine(message);
    }
  }

  #receiveLine(message: Message): void {
    const { id, userId, content, timestamp, sequence } = message;
    if (userId === this.#userId) {
      this.#outbox.acknowledge(id, sequence);
    }
    // A repeated acknowledgement is for its sender alone: it has an old place, not the next one.
    const step = message.duplicate ? { isNew: false as const } : this.#tracker.accept(message);
    if (!step.isNew) {
      return;
    }
    if (step.gap) {
      this.#events.emit('gap', step.gap);
    }
    this.#events.emit('line', { id, userId, content, timestampMs: Number(timestamp), sequence });
  }
}

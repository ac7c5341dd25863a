import { type Backoff, DEFAULT_BACKOFF } from './backoff';
import type { Channel, ChatTransport } from './channel';
import type { ChatEvents } from './chatEvents';
import { type Clock, systemClock } from './clock';
import { Connection, type ConnectionState } from './connection';
import { type Environment, unknownEnvironment } from './environment';
import { HistoryPager, type OlderLines } from './historyPager';
import { Listeners } from './listeners';
import { newId } from './newId';
import { Outbox } from './outbox';
import { Reception } from './reception';
import type { Counts } from './recovery';
import type { ResumePoint } from './sequenceTracker';
import { type Traffic, TrafficMeter } from './traffic';
import { TypingThrottle, TypingTracker } from './typing';

export type { ChatEvents } from './chatEvents';
export type { ChatLine } from './chatLine';

/** How a chat client is set up. Only the first three must be given. */
export interface ChatClientOptions {
  /** Who writes: at most 128 bytes. */
  readonly userId: string;
  /** The room: at most 128 bytes. */
  readonly room: string;
  /** The way to the server. */
  readonly transport: ChatTransport;
  /** The way to the server while the first one does not work; none unless given. */
  readonly fallback?: ChatTransport;
  /** How many of the newest messages to begin with, at most 1,000; 50 fill a screen. */
  readonly history?: number;
  /** Where an earlier client was ({@link ChatClient.resumePoint}), to go on from there; the newest messages unless given. */
  readonly resume?: ResumePoint;
  readonly backoff?: Backoff;
  /** What is known of the device's network and screen; nothing unless given. */
  readonly environment?: Environment;
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
  readonly #meter = new TrafficMeter((traffic) => this.#events.emit('traffic', traffic));
  readonly #connection: Connection;
  readonly #reception: Reception;
  readonly #outbox: Outbox;
  readonly #pager: HistoryPager;
  readonly #typing: TypingTracker;
  readonly #typingThrottle: TypingThrottle;

  constructor(options: ChatClientOptions) {
    const { userId, room, transport, fallback } = options;
    const clock = options.clock ?? systemClock;
    const waits = {
      clock,
      random: options.random ?? Math.random,
      backoff: options.backoff ?? DEFAULT_BACKOFF,
    };
    this.#typing = new TypingTracker(clock, (userIds) => this.#events.emit('typing', userIds));
    this.#typingThrottle = new TypingThrottle(clock);
    this.#pager = new HistoryPager({
      clock,
      request: (id, before, limit) => this.#say((channel) => channel.readHistory(id, before, limit)),
    });
    this.#outbox = new Outbox({
      ...waits,
      newId: options.newId ?? newId,
      transmit: (id, content) => this.#say((channel) => channel.send(id, content)),
      onChange: (outgoing) => this.#events.emit('outgoing', outgoing),
      onUnanswered: () => this.#connection.lose('a message was not answered'),
    });
    this.#reception = new Reception({
      userId,
      clock,
      resume: options.resume,
      events: this.#events,
      outbox: this.#outbox,
      pager: this.#pager,
      typing: this.#typing,
      onMissing: () => this.#connection.lose('a message is missing'),
    });
    this.#connection = new Connection({
      ...waits,
      userId,
      room,
      transport,
      fallback,
      environment: options.environment ?? unknownEnvironment,
      meter: this.#meter,
      history: options.history ?? 50,
      resumePoint: () => this.#reception.resumePoint,
      onState: (state) => this.#stateChanged(state),
      onJoined: (joined) => this.#reception.joined(joined),
      onMessage: (message) => this.#reception.receive(message),
      onAcknowledged: (acknowledgement) => this.#reception.acknowledged(acknowledgement),
      onRefused: (refusal) => this.#reception.refused(refusal),
    });
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** How far this client has come in the room, for one that goes on from there, such as after a reload; none until that is known. */
  get resumePoint(): ResumePoint | undefined {
    return this.#reception.resumePoint;
  }

  /** What came since the client was made. */
  get counts(): Counts {
    return this.#reception.counts;
  }

  /** What went over the network since the client was made. */
  get traffic(): Traffic {
    return this.#meter.traffic;
  }

  /** Calls `listener` for each `name` event, until the returned function is called. */
  on<Name extends keyof ChatEvents>(name: Name, listener: (value: ChatEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Enters the room and stays in it until `close`. Call once, after the listeners are in place. */
  connect(): void {
    this.#connection.open();
  }

  /** Makes the next attempt, or tries the preferred transport again, now, when that is being waited for. */
  reconnectNow(): void {
    this.#connection.reconnectNow();
  }

  /** Goes on by another transport, from the same place in the room and with what is pending. The fallback stays the same. */
  use(transport: ChatTransport): void {
    this.#connection.use(transport);
  }

  /** Loses the connection on purpose, to see it come back. */
  loseConnection(): void {
    this.#connection.lose('dropped on purpose');
  }

  /**
   * Writes a message: `outgoing` says at once that it is pending, and later how it went. Returns its id.
   *
   * @throws {RangeError} when 100 messages are pending
   */
  send(content: string): string {
    this.#typingThrottle.reset();
    return this.#outbox.send(content);
  }

  /**
   * Sends a failed message again under the same id, so that it cannot be published twice.
   *
   * @throws {RangeError} when 100 messages are pending
   */
  retry(id: string): void {
    this.#outbox.retry(id);
  }

  /** Tells the room that one is typing. To be called on each key: it is told every two seconds, and only while connected. */
  typing(): void {
    this.#say((channel) => this.#typingThrottle.due() && channel.sendTyping());
  }

  /**
   * Reads the messages before the oldest line, at most `limit` of 200. They are not told as `line` events. Waits for a
   * connection; while it is under way, a second call gets the same answer.
   *
   * @throws (rejects) when the server refuses, five times if only for now, or does not answer within ten seconds, when the client is closed, or the
   *     server turns out to have a new history
   */
  loadOlder(limit = 50): Promise<OlderLines> {
    return this.#pager.load(limit);
  }

  /** Leaves the room for good. Idempotent. */
  close(): void {
    this.#outbox.close();
    this.#connection.close();
  }

  /** Says something, if there is a connection. Returns whether there was one. */
  #say(what: (channel: Channel) => void): boolean {
    const { channel } = this.#connection;
    if (channel) {
      what(channel);
    }
    return channel !== undefined;
  }

  #stateChanged(state: ConnectionState): void {
    if (state.name !== 'connected' && state.name !== 'fallback') {
      this.#typing.clear();
      this.#pager.pause();
      this.#reception.pause();
    }
    if (state.name === 'closed') {
      this.#pager.fail('not connected');
    }
    this.#events.emit('state', state);
  }
}

import type { Message } from '../gen/duplexer/chat/v1/chat_pb';
import { type Backoff, DEFAULT_BACKOFF } from './backoff';
import type { ChatTransport, Refusal } from './channel';
import { type ChatLine, chatLineOf } from './chatLine';
import { type Clock, systemClock } from './clock';
import { Connection, type ConnectionState } from './connection';
import { type Environment, unknownEnvironment } from './environment';
import { HistoryPager, type OlderLines } from './historyPager';
import type { Joined } from './link';
import { Listeners } from './listeners';
import { newId } from './newId';
import { Outbox, type Outgoing } from './outbox';
import { type Presence, PresenceTracker } from './presence';
import { type Counts, type Recovery, RecoveryCounter } from './recovery';
import { type Gap, SequenceTracker } from './sequenceTracker';
import { type Traffic, TrafficMeter } from './traffic';
import { TypingThrottle, TypingTracker } from './typing';

export type { ChatLine } from './chatLine';

/** What a chat client tells. */
export interface ChatEvents {
  /** The connection's state changed. */
  state: ConnectionState;
  /** The next message of the room: each once, in the room's order. */
  line: ChatLine;
  /** A message of one's own was written, acknowledged or refused. Its `line` comes by itself, before or after. */
  outgoing: Outgoing;
  /** Messages are missing for good between the line before and the line after. */
  gap: Gap;
  /** The room was entered again, and everything that was missed has come, or never will. */
  recovery: Recovery;
  /** The room was entered, or somebody came or left. */
  presence: Presence;
  /** Who else is typing, longest first; whoever is not heard of any more is left out after a while. */
  typing: readonly string[];
  /** Something went over the network. */
  traffic: Traffic;
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
  readonly transport: ChatTransport;
  /** The way to the server while the first one does not work; none unless given. */
  readonly fallback?: ChatTransport;
  /** How many of the newest messages to begin with, at most 1,000; 50 fill a screen. */
  readonly history?: number;
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
  readonly #tracker = new SequenceTracker();
  readonly #counter = new RecoveryCounter();
  readonly #presence = new PresenceTracker();
  readonly #userId: string;
  readonly #meter: TrafficMeter;
  readonly #connection: Connection;
  readonly #outbox: Outbox;
  readonly #pager: HistoryPager;
  readonly #typing: TypingTracker;
  readonly #typingThrottle: TypingThrottle;

  constructor(options: ChatClientOptions) {
    const shared = {
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
      backoff: options.backoff ?? DEFAULT_BACKOFF,
    };
    this.#userId = options.userId;
    this.#meter = new TrafficMeter((traffic) => this.#events.emit('traffic', traffic));
    this.#typing = new TypingTracker(shared.clock, (userIds) => this.#events.emit('typing', userIds));
    this.#typingThrottle = new TypingThrottle(shared.clock);
    this.#pager = new HistoryPager({
      clock: shared.clock,
      request: (id, before, limit) => this.#say((channel) => channel.readHistory(id, before, limit)),
    });
    this.#outbox = new Outbox({
      ...shared,
      newId: options.newId ?? newId,
      transmit: (id, content) => this.#say((channel) => channel.send(id, content)),
      onChange: (outgoing) => this.#events.emit('outgoing', outgoing),
      onUnanswered: () => this.#connection.lose('a message was not answered'),
    });
    this.#connection = new Connection({
      ...shared,
      userId: options.userId,
      room: options.room,
      transport: options.transport,
      fallback: options.fallback,
      environment: options.environment ?? unknownEnvironment,
      meter: this.#meter,
      history: options.history ?? 50,
      resumePoint: () => this.#tracker.resumePoint,
      onState: (state) => this.#stateChanged(state),
      onJoined: (joined) => this.#joined(joined),
      onMessage: (message) => this.#receive(message),
      onAcknowledged: ({ id, sequence }) => this.#outbox.acknowledge(id, sequence),
      onRefused: (refusal) => this.#refused(refusal),
    });
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** What came since the client was made. */
  get counts(): Counts {
    return this.#counter.counts;
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
    if (this.#connection.channel && this.#typingThrottle.due()) {
      this.#say((channel) => channel.sendTyping());
    }
  }

  /**
   * Reads the messages before the oldest line, at most `limit` of 200. They are not told as `line` events. Waits for a
   * connection; while it is under way, a second call gets the same answer.
   *
   * @throws (rejects) when the server refuses or does not answer within ten seconds, when the client is closed, or the
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

  #say(what: (channel: NonNullable<Connection['channel']>) => void): boolean {
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
    }
    if (state.name === 'closed') {
      this.#pager.fail('not connected');
    }
    this.#events.emit('state', state);
  }

  #joined(joined: Joined): void {
    const { answer } = joined;
    const gap = this.#tracker.joined(joined);
    this.#counter.joined(joined, gap);
    if (gap?.kind === 'new-history') {
      this.#pager.fail('the server has a new history');
    }
    if (gap?.kind === 'new-history' || joined.resumedFrom === undefined) {
      this.#pager.begin(answer.missed === 0 ? answer.sequence + 1n : undefined);
    }
    if (gap) {
      this.#events.emit('gap', gap);
    }
    this.#events.emit('presence', this.#presence.entered(answer));
    this.#finishRecovery();
    this.#outbox.resend();
    this.#pager.resend();
  }

  #receive(message: Message): void {
    const { id, userId, event } = message;
    switch (event.case) {
      case undefined:
        this.#receiveLine(message);
        break;
      case 'joined':
        this.#tellPresence(this.#presence.joined(userId));
        break;
      case 'left':
        this.#typing.stopped(userId);
        this.#tellPresence(this.#presence.left(userId));
        break;
      case 'typing':
        if (userId !== this.#userId) {
          this.#typing.typing(userId);
        }
        break;
      case 'history':
        this.#pager.receive(id, event.value);
        break;
      case 'rejected':
        this.#refused({
          id,
          reason: event.value.reason,
          retryAfterMs: event.value.retryAfterMillis || undefined,
        });
        break;
      case 'join':
      case 'recovered':
      case 'readHistory':
        break;
    }
  }

  #receiveLine(message: Message): void {
    const { id, userId, sequence, previousSequence } = message;
    if (userId === this.#userId) {
      this.#outbox.acknowledge(id, sequence);
    }
    // A repeated acknowledgement is for its sender alone: it has an old place, not the next one.
    if (message.duplicate) {
      return;
    }
    const step = this.#tracker.accept(message);
    this.#counter.took(step);
    if (step.kind === 'early') {
      this.#connection.lose('a message is missing');
    } else if (step.kind === 'next') {
      if (step.gap) {
        this.#events.emit('gap', step.gap);
      }
      this.#typing.stopped(userId);
      this.#pager.line(sequence, previousSequence);
      this.#events.emit('line', chatLineOf(message));
      this.#finishRecovery();
    }
  }

  #finishRecovery(): void {
    const recovery = this.#counter.finished(this.#tracker.resumePoint?.sequence ?? 0n);
    if (recovery) {
      this.#events.emit('recovery', recovery);
    }
  }

  #refused(refusal: Refusal): void {
    if (refusal.id === '') {
      this.#events.emit('problem', refusal.reason);
    } else {
      this.#pager.refuse(refusal);
      this.#outbox.refuse(refusal);
    }
  }

  #tellPresence(presence: Presence | undefined): void {
    if (presence) {
      this.#events.emit('presence', presence);
    }
  }
}

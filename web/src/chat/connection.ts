import { create } from '@bufbuild/protobuf';
import { JoinSchema, type Message, type Recovered } from '../gen/duplexer/chat/v1/chat_pb';
import { type Backoff, fullJitterMs } from './backoff';
import type { Channel, ChannelEnd, ChannelListener, OpenChannel } from './channel';
import type { Cancel, Clock } from './clock';
import { mayRetryAfter } from './grpcStatus';

/** Where a connection stands. Legal steps: connecting, then connected and reconnecting in turn, then closed. */
export type ConnectionState =
  | { readonly name: 'connecting' }
  | { readonly name: 'connected' }
  /** `waitMs` until the next attempt; 0 while one is being made. */
  | { readonly name: 'reconnecting'; readonly reason: string; readonly waitMs: number }
  /** With the reason when it was not the user who closed it. */
  | { readonly name: 'closed'; readonly reason?: string };

/** The answer to a join must come within this time, or the attempt counts as failed. */
export const JOIN_TIMEOUT_MS = 10_000;

/** A connection that held this long starts its attempts over; one that fails at once keeps backing off. */
export const STABLE_AFTER_MS = 5_000;

/** What a connection needs to know and whom it tells. */
export interface ConnectionOptions {
  readonly userId: string;
  readonly room: string;
  /** How many of the newest messages to ask for where there is nothing to resume. */
  readonly history: number;
  readonly openChannel: OpenChannel;
  readonly clock: Clock;
  readonly random: () => number;
  readonly backoff: Backoff;
  /** Where to resume from, asked before each attempt. */
  readonly resumePoint: () => { readonly epoch: string; readonly sequence: bigint } | undefined;
  readonly onState: (state: ConnectionState) => void;
  /** The server answered a join; what follows is the room. */
  readonly onJoined: (recovered: Recovered) => void;
  readonly onMessage: (message: Message) => void;
  readonly onAcknowledged: ChannelListener['onAcknowledged'];
  readonly onRefused: ChannelListener['onRefused'];
}

/** Keeps one channel to one room open: joins, notices the end, waits with full jitter, joins again. */
export class Connection {
  readonly #options: ConnectionOptions;
  #state: ConnectionState = { name: 'connecting' };
  #channel: Channel | undefined;
  #cancelTimer: Cancel = () => {};
  #attempt = 0;
  #joinedAtMs: number | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Makes the first attempt. Call once. */
  open(): void {
    this.#step({ name: 'connecting' });
    this.#openChannel();
  }

  /** Makes the next attempt now instead of after its wait. Does nothing when there is no wait. */
  reconnectNow(): void {
    if (this.#state.name === 'reconnecting' && this.#state.waitMs > 0) {
      this.#reconnect(this.#state.reason);
    }
  }

  /** Publishes a message, if connected; else it is for the caller to send it after the next join. */
  send(id: string, content: string): void {
    if (this.#state.name === 'connected') {
      this.#channel?.send(id, content);
    }
  }

  /** Ends it for good. Idempotent. */
  close(reason?: string): void {
    if (this.#state.name !== 'closed') {
      this.#drop();
      this.#step(reason === undefined ? { name: 'closed' } : { name: 'closed', reason });
    }
  }

  #openChannel(): void {
    const { userId, room, history, openChannel, clock, resumePoint } = this.#options;
    const resume = resumePoint();
    const join = create(JoinSchema, resume ? { history, resume } : { history });
    this.#joinedAtMs = undefined;
    this.#cancelTimer = clock.after(JOIN_TIMEOUT_MS, () => {
      this.#end({ reason: `no answer within ${JOIN_TIMEOUT_MS / 1_000} s`, mayReconnect: true });
    });
    this.#channel = openChannel(
      { userId, room, join },
      {
        onMessage: (message) => this.#receive(message),
        onAcknowledged: this.#options.onAcknowledged,
        onRefused: this.#options.onRefused,
        onEnd: (end) => this.#end(end),
      },
    );
  }

  #receive(message: Message): void {
    const { event } = message;
    if (event.case === 'recovered') {
      this.#cancelTimer();
      this.#joinedAtMs = this.#options.clock.nowMs();
      this.#step({ name: 'connected' });
      this.#options.onJoined(event.value);
    } else if (event.case === 'rejected' && this.#joinedAtMs === undefined) {
      this.#end({ reason: event.value.reason, mayReconnect: mayRetryAfter(event.value.code) });
    } else {
      this.#options.onMessage(message);
    }
  }

  #end({ reason, mayReconnect }: ChannelEnd): void {
    if (!mayReconnect) {
      this.close(reason);
      return;
    }
    const { clock, random, backoff } = this.#options;
    if (this.#joinedAtMs !== undefined && clock.nowMs() - this.#joinedAtMs >= STABLE_AFTER_MS) {
      this.#attempt = 0;
    }
    this.#drop();
    // At least 1 ms, so that 0 can mean "now".
    const waitMs = Math.max(1, fullJitterMs(this.#attempt++, random(), backoff));
    this.#cancelTimer = clock.after(waitMs, () => this.#reconnect(reason));
    this.#step({ name: 'reconnecting', reason, waitMs });
  }

  #reconnect(reason: string): void {
    this.#drop();
    this.#step({ name: 'reconnecting', reason, waitMs: 0 });
    this.#openChannel();
  }

  #drop(): void {
    this.#cancelTimer();
    this.#channel?.close();
    this.#channel = undefined;
  }

  #step(state: ConnectionState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}

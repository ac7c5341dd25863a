import { create } from '@bufbuild/protobuf';
import { JoinSchema, type Message } from '../gen/duplexer/chat/v1/chat_pb';
import { type Backoff, fullJitterMs } from './backoff';
import type { Channel, ChannelListener, ChatTransport } from './channel';
import type { Cancel, Clock } from './clock';
import type { Environment } from './environment';
import { type Joined, Link, type LinkEnd } from './link';
import type { TrafficMeter } from './traffic';
import { TransportChoice } from './transportChoice';

/** Where a connection stands. `transport` is the name of the one in use. */
export type ConnectionState =
  | { readonly name: 'connecting' }
  | { readonly name: 'connected'; readonly transport: string }
  /** In the room, by the other transport; `reason` is why not by the preferred one, which is tried again from time to time. */
  | { readonly name: 'fallback'; readonly transport: string; readonly reason: string }
  /** `waitMs` until the next attempt; 0 while one is being made. */
  | { readonly name: 'reconnecting'; readonly reason: string; readonly waitMs: number }
  /** The device has no network, or the page was left: the next attempt is made when it has, or when the page is back. */
  | { readonly name: 'offline'; readonly reason: string }
  /** With the reason when it was not the user who closed it. */
  | { readonly name: 'closed'; readonly reason?: string };

/** The answer to a join must come within this time, or the attempt counts as failed. */
export const JOIN_TIMEOUT_MS = 10_000;

/** The same while there is another transport to fall back on. */
export const FALL_BACK_AFTER_MS = 5_000;

/** A connection that held this long starts its attempts over; one that fails at once keeps backing off. */
export const STABLE_AFTER_MS = 5_000;

/** A connection on which nothing came for this long, and the network changed or the page was looked at again, is replaced. */
export const SILENT_AFTER_MS = 30_000;

/** How long the fallback is used before the preferred transport is tried again. */
export const RETURN_BACKOFF: Backoff = { baseMs: 10_000, capMs: 300_000 };

/** What a connection needs to know and whom it tells. */
export interface ConnectionOptions {
  readonly userId: string;
  readonly room: string;
  /** How many of the newest messages to ask for where there is nothing to resume. */
  readonly history: number;
  readonly transport: ChatTransport;
  readonly fallback: ChatTransport | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly backoff: Backoff;
  readonly environment: Environment;
  readonly meter: TrafficMeter;
  /** Where to resume from, asked before each attempt. */
  readonly resumePoint: () => { readonly epoch: string; readonly sequence: bigint } | undefined;
  readonly onState: (state: ConnectionState) => void;
  /** The server answered a join; what follows is the room. */
  readonly onJoined: (joined: Joined) => void;
  readonly onMessage: (message: Message) => void;
  readonly onAcknowledged: ChannelListener['onAcknowledged'];
  readonly onRefused: ChannelListener['onRefused'];
}

/**
 * Keeps one link to one room: joins, notices the end, waits with full jitter, joins again, by the transport that works.
 * A second link exists only while it tries to take the first one's place; until it has joined, the first one goes on.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #choice: TransportChoice;
  #state: ConnectionState = { name: 'connecting' };
  #link: Link | undefined;
  #successor: Link | undefined;
  /** Of the wait for the next attempt. */
  #cancelWait: Cancel = () => {};
  /** Of the wait for the next try of the preferred transport. */
  #cancelReturn: Cancel = () => {};
  /** Of the wait until a link that is in doubt was silent for long enough. */
  #cancelDoubt: Cancel = () => {};
  #stopListening: () => void = () => {};
  #opened = false;
  #attempts = 0;
  #returns = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#choice = new TransportChoice(options.transport, options.fallback);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The channel to the room, while there is one. */
  get channel(): Channel | undefined {
    return this.#link?.joined;
  }

  /** Makes the first attempt, even when the device says that it has no network. Call once. */
  open(): void {
    this.#opened = true;
    const { environment } = this.#options;
    const stops = [
      environment.onChange(() => this.#environmentChanged()),
      environment.onLeave(() => this.#leave()),
    ];
    this.#stopListening = () => {
      for (const stop of stops) {
        stop();
      }
    };
    this.#step({ name: 'connecting' });
    this.#link = this.#newLink(this.#choice.current);
  }

  /** Makes the next attempt, or tries the preferred transport again, now. Does nothing when neither is being waited for. */
  reconnectNow(): void {
    const { name } = this.#state;
    if (name === 'offline' || (name === 'reconnecting' && this.#link === undefined)) {
      this.#reconnect(this.#state.reason);
    } else if (name === 'fallback' && !this.#successor) {
      this.#replace(this.#choice.preferred);
    }
  }

  /** Goes on by another transport, from the same place. */
  use(transport: ChatTransport): void {
    if (transport.name === this.#choice.preferred.name) {
      return;
    }
    this.#choice.prefer(transport);
    if (this.#opened && this.#state.name !== 'closed') {
      this.#attempts = 0;
      this.#returns = 0;
      this.#reconnect(`switching to ${transport.name}`);
    }
  }

  /** Gives up the link, as if the network had. Does nothing outside the room. */
  lose(reason: string): void {
    if (this.channel) {
      this.#link?.lose(reason);
    }
  }

  /** Ends it for good. Idempotent. */
  close(reason?: string): void {
    if (this.#state.name !== 'closed') {
      this.#drop();
      this.#stopListening();
      this.#step(reason === undefined ? { name: 'closed' } : { name: 'closed', reason });
    }
  }

  #newLink(transport: ChatTransport): Link {
    const { userId, room, history, clock, meter, resumePoint, onMessage, onAcknowledged, onRefused } =
      this.#options;
    const resume = resumePoint();
    return new Link({
      transport,
      request: { userId, room, join: create(JoinSchema, resume ? { history, resume } : { history }) },
      joinTimeoutMs: this.#choice.hasFallback ? FALL_BACK_AFTER_MS : JOIN_TIMEOUT_MS,
      clock,
      meter,
      listener: {
        onJoined: (link, joined) => this.#joined(link, joined),
        onMessage,
        onAcknowledged,
        onRefused,
        onEnd: (link, end) => (link === this.#successor ? this.#successorFailed() : this.#ended(link, end)),
      },
    });
  }

  #joined(link: Link, joined: Joined): void {
    if (link === this.#successor) {
      this.#cancelDoubt();
      this.#link?.close();
      this.#link = link;
      this.#successor = undefined;
    }
    const { transport } = link;
    if (transport === this.#choice.preferred.name) {
      this.#choice.returned();
      this.#step({ name: 'connected', transport });
    } else {
      const reason =
        this.#state.name === 'reconnecting' || this.#state.name === 'fallback' ? this.#state.reason : '';
      this.#step({ name: 'fallback', transport, reason });
      this.#returnLater();
    }
    this.#options.onJoined(joined);
  }

  #ended(link: Link, { reason, mayReconnect, timedOut }: LinkEnd): void {
    const { clock, random, backoff, environment } = this.#options;
    const wasJoined = link.joined !== undefined;
    if (link.heldMs >= STABLE_AFTER_MS) {
      this.#attempts = 0;
      this.#returns = this.#choice.fellBack ? this.#returns : 0;
    }
    this.#drop();
    // Without a join it may have been a proxy that refused the fallback, which says nothing of the preferred transport.
    if (!mayReconnect && (wasJoined || !this.#choice.fellBack)) {
      this.close(reason);
    } else if (!environment.isOnline()) {
      this.#step({ name: 'offline', reason });
    } else if (!wasJoined && this.#choice.failed(timedOut)) {
      this.#reconnect(reason);
    } else {
      // At least 1 ms, so that 0 can mean "now".
      const waitMs = Math.max(1, fullJitterMs(this.#attempts++, random(), backoff));
      this.#cancelWait = clock.after(waitMs, () => this.#reconnect(reason));
      this.#step({ name: 'reconnecting', reason, waitMs });
    }
  }

  #reconnect(reason: string): void {
    this.#drop();
    this.#step({ name: 'reconnecting', reason, waitMs: 0 });
    this.#link = this.#newLink(this.#choice.current);
  }

  #returnLater(): void {
    const { clock, random } = this.#options;
    const waitMs = fullJitterMs(this.#returns++, random(), RETURN_BACKOFF);
    this.#cancelReturn = clock.after(waitMs, () => this.#replace(this.#choice.preferred));
  }

  /** Opens a link beside the one in use, to take its place. */
  #replace(transport: ChatTransport): void {
    this.#cancelReturn();
    this.#successor?.close();
    this.#successor = this.#newLink(transport);
  }

  #successorFailed(): void {
    this.#successor = undefined;
    if (this.#choice.fellBack) {
      this.#returnLater();
    }
  }

  #environmentChanged(): void {
    const state = this.#state;
    const online = this.#options.environment.isOnline();
    if (state.name === 'offline' && online) {
      this.#reconnect(state.reason);
    } else if (state.name === 'reconnecting' && this.#link === undefined) {
      if (online) {
        this.#reconnect(state.reason);
      } else {
        this.#drop();
        this.#step({ name: 'offline', reason: state.reason });
      }
    } else if (online && this.channel) {
      this.#doubt();
    }
  }

  /** The network may have changed under the link, which shows when nothing comes by it: once more when it was silent long enough. */
  #doubt(): void {
    const untilSilentMs = SILENT_AFTER_MS - (this.#link?.silentMs ?? 0);
    const waitMs = Math.max(untilSilentMs, this.#successor ? JOIN_TIMEOUT_MS : 0);
    this.#cancelDoubt();
    if (waitMs > 0) {
      this.#cancelDoubt = this.#options.clock.after(waitMs, () => this.#replaceIfSilent());
    } else {
      this.#replaceIfSilent();
    }
  }

  #replaceIfSilent(): void {
    if (!this.#successor && (this.#link?.silentMs ?? 0) >= SILENT_AFTER_MS) {
      this.#replace(this.#choice.current);
    }
  }

  /**
   * A browser may keep a page that was left to come back to it, its connections open: the person would be here for the others, and
   * the server would send to a page that cannot read.
   */
  #leave(): void {
    if (this.#state.name !== 'closed') {
      this.#drop();
      this.#step({ name: 'offline', reason: 'the page was left' });
    }
  }

  #drop(): void {
    this.#cancelWait();
    this.#cancelReturn();
    this.#cancelDoubt();
    this.#link?.close();
    this.#link = undefined;
    this.#successor?.close();
    this.#successor = undefined;
  }

  #step(state: ConnectionState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}

import type { Message, Recovered } from '../gen/duplexer/chat/v1/chat_pb';
import type { Channel, ChannelEnd, ChannelListener, ChannelRequest, ChatTransport } from './channel';
import type { Cancel, Clock } from './clock';
import { mayRetryAfter } from './grpcStatus';
import type { TrafficMeter } from './traffic';

/** The server let us into the room. */
export interface Joined {
  readonly answer: Recovered;
  /** The sequence that the join named as the last one seen, if it named one. */
  readonly resumedFrom: bigint | undefined;
}

/** How a link ended. */
export interface LinkEnd extends ChannelEnd {
  /** There was no answer to the join in time. */
  readonly timedOut: boolean;
}

/** Whom a link tells. Nothing is called before the constructor returns, or after the end. */
export interface LinkListener extends Pick<ChannelListener, 'onMessage' | 'onAcknowledged' | 'onRefused'> {
  /** Called at most once, before any message. */
  onJoined(link: Link, joined: Joined): void;
  /** Called once, and not after `close`. */
  onEnd(link: Link, end: LinkEnd): void;
}

/** What a link is made of. */
export interface LinkOptions {
  readonly transport: ChatTransport;
  readonly request: ChannelRequest;
  /** The answer to the join must come within this time. */
  readonly joinTimeoutMs: number;
  readonly clock: Clock;
  readonly meter: TrafficMeter;
  readonly listener: LinkListener;
}

/** A channel and where it stands: joining, joined, ended. */
export class Link {
  readonly transport: string;
  readonly #options: LinkOptions;
  readonly #cancelTimeout: Cancel;
  #channel: Channel | undefined;
  #joinedAtMs: number | undefined;
  #heardAtMs: number;
  #ended = false;

  constructor(options: LinkOptions) {
    const { transport, request, joinTimeoutMs, clock, meter, listener } = options;
    this.transport = transport.name;
    this.#options = options;
    this.#heardAtMs = clock.nowMs();
    try {
      const channel = {
        ...listener,
        onMessage: (message: Message) => this.#receive(message),
        onEnd: (end: ChannelEnd) => this.#end(end),
      };
      this.#channel = transport.open(request, channel, meter);
    } catch (error) {
      // Such as an address that the page may not connect to.
      this.#cancelTimeout = clock.after(0, () => this.#end({ reason: String(error), mayReconnect: true }));
      return;
    }
    this.#cancelTimeout = clock.after(joinTimeoutMs, () => {
      this.#end({ reason: `no answer within ${joinTimeoutMs / 1_000} s`, mayReconnect: true }, true);
    });
  }

  /** The channel, once the room is joined. */
  get joined(): Channel | undefined {
    return this.#joinedAtMs === undefined ? undefined : this.#channel;
  }

  /** How long it has been, or was, in the room. */
  get heldMs(): number {
    return this.#joinedAtMs === undefined ? 0 : this.#options.clock.nowMs() - this.#joinedAtMs;
  }

  /** How long nothing has been received. */
  get silentMs(): number {
    return this.#options.clock.nowMs() - this.#heardAtMs;
  }

  /** Ends it without telling. Idempotent. */
  close(): void {
    this.#ended = true;
    this.#cancelTimeout();
    this.#channel?.close();
  }

  /** Ends it as if the network had. */
  lose(reason: string): void {
    this.#end({ reason, mayReconnect: true });
  }

  #receive(message: Message): void {
    const { clock, request, listener } = this.#options;
    const { event } = message;
    this.#heardAtMs = clock.nowMs();
    if (this.#joinedAtMs !== undefined) {
      listener.onMessage(message);
    } else if (event.case === 'recovered') {
      this.#cancelTimeout();
      this.#joinedAtMs = clock.nowMs();
      listener.onJoined(this, { answer: event.value, resumedFrom: request.join.resume?.sequence });
    } else if (event.case === 'rejected') {
      this.#end({ reason: event.value.reason, mayReconnect: mayRetryAfter(event.value.code) });
    }
  }

  #end(end: ChannelEnd, timedOut = false): void {
    if (!this.#ended) {
      this.close();
      this.#options.listener.onEnd(this, { ...end, timedOut });
    }
  }
}

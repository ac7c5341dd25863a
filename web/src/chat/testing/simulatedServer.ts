import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { MessageSchema } from '../../gen/duplexer/chat/v1/chat_pb';
import type { Channel, ChannelListener, ChannelRequest, ChatTransport } from '../channel';
import type { Clock } from '../clock';

type Fields = Exclude<MessageInitShape<typeof MessageSchema>, { $typeName: string }>;

/** A message in the simulated room. */
export interface Stored {
  readonly id: string;
  readonly userId: string;
  readonly content: string;
  readonly sequence: bigint;
  readonly previousSequence: bigint;
}

/** What goes wrong, each the probability of one step; 0 heals it. */
export interface Faults {
  /** A publish is refused for now. */
  refuse: number;
  /** A message to a client is lost, and the connection goes on. */
  drop: number;
}

/** One room of a server behind a network with delays, under a fake clock: deterministic for a given `random`. */
export class SimulatedServer {
  readonly log: Stored[] = [];
  readonly channels = new Set<SimulatedChannel>();
  readonly faults: Faults = { refuse: 0, drop: 0 };
  /** Names of the transports that do not get through. */
  readonly blocked = new Set<string>();
  readonly clock: Clock;
  readonly random: () => number;

  constructor(clock: Clock, random: () => number) {
    this.clock = clock;
    this.random = random;
  }

  /** @param echoes whether the echo is the acknowledgement, or an answer beside the stream as with gRPC-Web */
  transport(name: string, echoes: boolean): ChatTransport {
    return {
      name,
      open: (request, listener) => new SimulatedChannel(this, name, echoes, request, listener),
    };
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  publish(
    userId: string,
    id: string,
    content: string,
  ): { readonly stored: Stored; readonly duplicate: boolean } {
    const before = this.log.find((message) => message.userId === userId && message.id === id);
    if (before) {
      return { stored: before, duplicate: true };
    }
    const previousSequence = this.log.at(-1)?.sequence ?? 0n;
    // Sparse, as the contract allows.
    const sequence = previousSequence + 1n + BigInt(Math.floor(this.random() * 3));
    const stored = { id, userId, content, sequence, previousSequence };
    this.log.push(stored);
    for (const channel of this.channels) {
      channel.deliver(stored);
    }
    return { stored, duplicate: false };
  }
}

/** A connection: what is under way keeps its order, and is lost when it is cut. */
export class SimulatedChannel implements Channel {
  readonly #server: SimulatedServer;
  readonly #echoes: boolean;
  readonly #request: ChannelRequest;
  readonly #listener: ChannelListener;
  /** When the last message in each direction arrives. */
  readonly #arrivesAtMs = { up: 0, down: 0 };
  #cut = false;
  #frozen = false;
  #closed = false;

  constructor(
    server: SimulatedServer,
    name: string,
    echoes: boolean,
    request: ChannelRequest,
    listener: ChannelListener,
  ) {
    this.#server = server;
    this.#echoes = echoes;
    this.#request = request;
    this.#listener = listener;
    this.#travel('up', () => {
      if (server.blocked.has(name)) {
        this.cut();
      } else {
        this.#join();
      }
    });
  }

  send(id: string, content: string): void {
    this.#travel('up', () => this.#publish(id, content));
  }

  sendTyping(): void {}

  readHistory(): void {}

  close(): void {
    this.#closed = true;
    this.#server.channels.delete(this);
  }

  /** The network loses the connection. What had reached the server has, what was under way to the client has not. */
  cut(): void {
    this.#cut = true;
    this.#server.channels.delete(this);
    this.#server.clock.after(this.#server.random() * 100, () => {
      if (!this.#closed) {
        this.#closed = true;
        this.#listener.onEnd({ reason: 'cut', mayReconnect: true });
      }
    });
  }

  /** The network swallows everything from now on, and says nothing. By gRPC-Web calls of their own still work. */
  freeze(): void {
    this.#frozen = true;
    this.#server.channels.delete(this);
  }

  /** The server sends a message of the room. */
  deliver(stored: Stored): void {
    if (!this.#server.chance(this.#server.faults.drop)) {
      this.#tell(stored);
    }
  }

  #join(): void {
    const { resume } = this.#request.join;
    const { log } = this.#server;
    const missed = log.filter(({ sequence }) => sequence > (resume?.sequence ?? 0n));
    const sequence = log.at(-1)?.sequence ?? 0n;
    const value = { epoch: 'e1', recovered: resume !== undefined, missed: missed.length, sequence };
    this.#tell({ event: { case: 'recovered', value } });
    for (const message of missed) {
      this.#tell(message);
    }
    if (!this.#closed) {
      this.#server.channels.add(this);
    }
  }

  #publish(id: string, content: string): void {
    if (this.#frozen && this.#echoes) {
      return;
    }
    if (this.#server.chance(this.#server.faults.refuse)) {
      this.#tell({ id, event: { case: 'rejected', value: { code: 8, retryAfterMillis: 10 } } });
      return;
    }
    const { stored, duplicate } = this.#server.publish(this.#request.userId, id, content);
    if (!this.#echoes) {
      const { sequence } = stored;
      this.#travel('down', () => this.#listener.onAcknowledged({ id, sequence }));
    } else if (duplicate) {
      this.#tell({ ...stored, duplicate });
    }
  }

  #tell(fields: Fields): void {
    this.#travel('down', () => {
      if (!this.#frozen) {
        this.#listener.onMessage(create(MessageSchema, fields));
      }
    });
  }

  /** Upwards a message may arrive even if the client has gone meanwhile, as in any network. */
  #travel(direction: 'up' | 'down', arrive: () => void): void {
    const nowMs = this.#server.clock.nowMs();
    const atMs = Math.max(nowMs + this.#server.random() * 50, this.#arrivesAtMs[direction]);
    this.#arrivesAtMs[direction] = atMs;
    this.#server.clock.after(atMs - nowMs, () => {
      if (!this.#cut && (direction === 'up' || !this.#closed)) {
        arrive();
      }
    });
  }
}

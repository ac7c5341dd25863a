import { ChatClient, type ChatClientOptions, type ChatLine } from '../chatClient';
import type { Outgoing } from '../outbox';
import type { Gap } from '../sequenceTracker';
import { FakeChannels } from './fakeChannel';
import { FakeClock } from './fakeClock';

/** Ann's client in the room `tea`, connected to a spec, and what it told. Its messages are `m1`, `m2` and so on. */
export class FakeChat {
  readonly clock = new FakeClock();
  readonly channels = new FakeChannels();
  readonly client: ChatClient;
  readonly lines: ChatLine[] = [];
  readonly outgoing: Outgoing[] = [];
  readonly gaps: Gap[] = [];
  readonly problems: string[] = [];

  constructor(options: Pick<ChatClientOptions, 'fallback'> = {}) {
    let ids = 0;
    this.client = new ChatClient({
      userId: 'ann',
      room: 'tea',
      transport: this.channels,
      clock: this.clock,
      random: () => 0,
      newId: () => `m${++ids}`,
      ...options,
    });
    this.client.on('line', (line) => this.lines.push(line));
    this.client.on('outgoing', (outgoing) => this.outgoing.push(outgoing));
    this.client.on('gap', (gap) => this.gaps.push(gap));
    this.client.on('problem', (problem) => this.problems.push(problem));
    this.client.connect();
  }

  /** Loses the channel and waits for the next one. */
  reconnect(): void {
    this.channels.current.end();
    this.clock.advance(20_000);
  }

  sequences(): bigint[] {
    return this.lines.map(({ sequence }) => sequence);
  }

  /** What own messages went through, such as `m1 pending`. */
  states(): string[] {
    return this.outgoing.map(({ id, state }) => `${id} ${state}`);
  }
}

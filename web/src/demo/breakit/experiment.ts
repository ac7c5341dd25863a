import { ChatClient, type ChatLine } from '../../chat/chatClient';
import { newId, randomHex } from '../../chat/newId';
import type { Recovery } from '../../chat/recovery';
import type { ResumePoint } from '../../chat/sequenceTracker';
import type { ChatServiceClient } from '../calls/callRun';
import type { ChatChoice } from '../chat/chatChoices';
import { Line } from './line';
import { SwitchedNetwork } from './switchedNetwork';
import { type Tally, tallyOf } from './tally';

/** How the connection is broken. */
export type Breakage = 'drop' | 'offline' | 'kill';

/** What came of it. */
export interface Report {
  /** What the chat client counted. */
  readonly recovery: Recovery;
  /** What this page counted, of what it wrote itself. */
  readonly tally: Tally;
  /** From the break until all was read. */
  readonly ms: number;
}

/** How many messages are written before, and how many during the break. */
const BEFORE = 3;
export const DURING = 7;

/** How long a step may take. */
const TIMEOUT_MS = 20_000;

/** Makes a transport whose connections run over a line. */
type OverLine = (line: Line) => ChatChoice['transport'];

/**
 * Somebody reads a room, the connection breaks, somebody else goes on writing, and the reader comes back. Each step is told.
 *
 * @param writer sends unary calls, by a connection that stays
 */
export async function breakIt(
  breakage: Breakage,
  overLine: OverLine,
  writer: ChatServiceClient,
  tell: (step: string) => void,
): Promise<Report> {
  const room = `break-${randomHex(4)}`;
  const written: string[] = [];
  const reader = new Reader(room, overLine);
  const write = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const id = newId();
      written.push(id);
      const message = { id, userId: 'writer', room, content: `message ${written.length}` };
      await writer.sendMessage(message, { timeoutMs: TIMEOUT_MS });
    }
  };
  try {
    await reader.enter();
    await write(BEFORE);
    await reader.until(() => reader.lines.length === BEFORE, 'in step with the first messages');
    tell(`In the room; ${BEFORE} messages written and read.`);
    const brokenMs = performance.now();
    tell(reader.break(breakage));
    await write(DURING);
    tell(`${DURING} messages written by somebody else meanwhile.`);
    reader.mend(breakage);
    await reader.until(
      () => reader.recovery !== undefined && reader.lines.length >= written.length,
      'back with all messages',
    );
    const ms = performance.now() - brokenMs;
    tell(`Back, and all read, ${Math.round(ms)} ms after the break.`);
    return { recovery: reader.recovery as Recovery, tally: tallyOf(written, reader.lines), ms };
  } finally {
    reader.close();
  }
}

/** The one who reads: a chat client on a line that can be cut, and all that it ever showed. */
class Reader {
  readonly lines: ChatLine[] = [];
  recovery: Recovery | undefined;
  readonly #room: string;
  readonly #line = new Line();
  readonly #network = new SwitchedNetwork();
  readonly #transport: ChatChoice['transport'];
  #client: ChatClient;
  #changed: () => void = () => {};
  #kept = '';

  constructor(room: string, overLine: OverLine) {
    this.#room = room;
    this.#transport = overLine(this.#line);
    this.#client = this.#newClient(undefined);
  }

  async enter(): Promise<void> {
    this.#client.connect();
    await this.until(() => this.#client.state.name === 'connected', 'in the room');
  }

  /** Breaks it; returns what was done, for a person to read. */
  break(breakage: Breakage): string {
    switch (breakage) {
      case 'drop':
        this.#line.drop();
        return 'The connection was cut under the client, which was not told.';
      case 'offline':
        this.#network.online = false;
        this.#line.cut();
        return 'The network is off: nothing gets through.';
      case 'kill': {
        const { epoch, sequence } = this.#client.resumePoint ?? { epoch: '', sequence: 0n };
        this.#kept = JSON.stringify({ epoch, sequence: String(sequence) });
        this.#client.close();
        return `The client is gone with all it knew, but for ${this.#kept}.`;
      }
    }
  }

  mend(breakage: Breakage): void {
    switch (breakage) {
      case 'drop':
        break;
      case 'offline':
        this.#line.restore();
        this.#network.online = true;
        break;
      case 'kill': {
        const { epoch, sequence } = JSON.parse(this.#kept) as { epoch: string; sequence: string };
        this.#client = this.#newClient({ epoch, sequence: BigInt(sequence) });
        this.#client.connect();
        break;
      }
    }
  }

  /** Waits until `condition` holds, which is to be `what`, looking whenever the client told something. */
  async until(condition: () => boolean, what: string): Promise<void> {
    const endMs = performance.now() + TIMEOUT_MS;
    while (!condition()) {
      if (performance.now() > endMs || this.#client.state.name === 'closed') {
        throw new Error(`the reader is not ${what}; its connection is ${this.#client.state.name}`);
      }
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
        setTimeout(resolve, 1_000);
      });
    }
  }

  close(): void {
    this.#client.close();
  }

  #newClient(resume: ResumePoint | undefined): ChatClient {
    const client = new ChatClient({
      userId: 'reader',
      room: this.#room,
      transport: this.#transport,
      environment: this.#network,
      // The longest wait that there is at first, half a second, so that something is missed.
      random: () => 0.999,
      ...(resume && { resume }),
    });
    client.on('line', (line) => {
      this.lines.push(line);
      this.#changed();
    });
    client.on('recovery', (recovery) => {
      this.recovery = recovery;
      this.#changed();
    });
    client.on('state', () => this.#changed());
    return client;
  }
}

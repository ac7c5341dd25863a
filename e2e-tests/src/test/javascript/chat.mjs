// The chat client, from its sources, in the hands of people who write without a pause: some on each transport.
import { ChatClient } from '../../../../web/src/chat/chatClient.ts';
import { grpcWebChannel } from '../../../../web/src/chat/grpcWebChannel.ts';
import { grpcWebSocketChannel } from '../../../../web/src/chat/grpcWebSocketChannel.ts';
import { protobufCodec } from '../../../../web/src/chat/protobufCodec.ts';
import { webSocketChannel } from '../../../../web/src/chat/webSocketChannel.ts';

/** A fraction of a browser's waits: the server is on the same machine, and it breaks all the time. */
const backoff = { baseMs: 50, capMs: 500 };

function transportsTo(baseUrl) {
  const url = `${baseUrl.replace(/^http/, 'ws')}ws`;
  return [
    webSocketChannel({ url }),
    webSocketChannel({ url, codec: protobufCodec }),
    grpcWebSocketChannel({ baseUrl }),
    grpcWebChannel({ baseUrl }),
  ];
}

/** People in one room of one server. */
export class People {
  #all;
  #transports;

  constructor(baseUrl, room, count) {
    this.#transports = transportsTo(baseUrl);
    this.#all = Array.from({ length: count }, (_, i) => new Person(this.#transports, room, i));
  }

  /** Each writes this many messages more. */
  write(count) {
    for (const person of this.#all) {
      person.write(count);
    }
  }

  /** One of them goes on by another transport. */
  switchOne(which) {
    const person = this.#all[which % this.#all.length];
    person.switchTo(this.#transports[which % this.#transports.length]);
  }

  /** How many lines everybody has. */
  seen() {
    return Math.min(...this.#all.map(({ lines }) => lines.length));
  }

  /** How many are in which state, such as `connected by grpc-web`. */
  states() {
    return this.#all.map(({ state }) => `${state.name} by ${state.transport}`);
  }

  /** Those on the fallback try the preferred transport again, now. */
  goBack() {
    for (const person of this.#all) {
      person.goBack();
    }
  }

  /** How everybody stands, to see what is wrong. */
  standing() {
    return this.#all.map((person) => {
      const { lines, acknowledged, ...rest } = person.report();
      return { ...rest, lines: lines.length, acknowledged: Object.keys(acknowledged).length, state: person.state };
    });
  }

  /** What became of it, for each person. */
  reports() {
    return this.#all.map((person) => person.report());
  }

  close() {
    for (const person of this.#all) {
      person.close();
    }
  }
}

/** All that is stored in a room, as one reads who comes late: the newest line, then page by page. Once on each transport. */
export function readBack(baseUrl, room) {
  return Promise.all(transportsTo(baseUrl).map((transport) => readBackBy(transport, room)));
}

async function readBackBy(transport, room) {
  const client = new ChatClient({ userId: `reader-${transport.name}`, room, transport, history: 1, backoff });
  const lines = await new Promise((resolve) => {
    client.on('line', (line) => resolve([line]));
    client.connect();
  });
  for (let more = true; more; ) {
    const older = await client.loadOlder(77);
    lines.unshift(...older.lines);
    more = older.more;
  }
  client.close();
  return lines.map(shown);
}

const shown = ({ sequence, userId, content }) => `${sequence} ${userId} ${content}`;

class Person {
  /** What was shown, in order: `sequence author content`. */
  lines = [];
  #userId;
  #client;
  #written = 0;
  #left = 0;
  #acknowledged = {};
  #failed = [];
  #gaps = [];
  #recoveries = [];

  constructor(transports, room, index) {
    this.#userId = `person-${index}`;
    this.#client = new ChatClient({
      userId: this.#userId,
      room,
      transport: transports[index % transports.length],
      fallback: transports.at(-1),
      history: 0,
      backoff,
    });
    this.#client.on('line', (line) => this.lines.push(shown(line)));
    this.#client.on('gap', (gap) => this.#gaps.push(String(gap.kind)));
    this.#client.on('recovery', (recovery) => this.#recoveries.push(recovery));
    this.#client.on('outgoing', (outgoing) => this.#settled(outgoing));
    this.#client.connect();
  }

  get state() {
    return this.#client.state;
  }

  write(count) {
    this.#left += count;
    this.#writeOn();
  }

  switchTo(transport) {
    this.#client.use(transport);
  }

  goBack() {
    this.#client.reconnectNow();
  }

  report() {
    return {
      userId: this.#userId,
      lines: this.lines,
      acknowledged: this.#acknowledged,
      failed: this.#failed,
      gaps: this.#gaps,
      notRecovered: this.#recoveries.filter(({ recovered }) => !recovered).length,
      recoveries: this.#recoveries.length,
      counts: this.#client.counts,
    };
  }

  close() {
    this.#client.close();
  }

  /** Keeps a few messages waiting in the outbox at any time. */
  #writeOn() {
    while (this.#left > 0 && this.#written - this.#settledCount() < 5) {
      this.#left--;
      this.#client.send(`${++this.#written}`);
    }
  }

  #settledCount() {
    return Object.keys(this.#acknowledged).length + this.#failed.length;
  }

  #settled({ state, content, sequence, reason }) {
    if (state === 'acknowledged') {
      this.#acknowledged[content] = `${sequence}`;
    } else if (state === 'failed') {
      this.#failed.push(`${content}: ${reason}`);
    }
    // Not from within the client's own event.
    queueMicrotask(() => this.#writeOn());
  }
}

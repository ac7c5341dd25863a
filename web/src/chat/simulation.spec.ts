import { expect, test } from 'vitest';
import { ChatClient } from './chatClient';
import { FakeClock } from './testing/fakeClock';
import { FakeEnvironment } from './testing/fakeEnvironment';
import { SimulatedServer } from './testing/simulatedServer';

const SEEDS = 300;
const STEPS = 120;
const PEOPLE = ['ann', 'bob', 'cid'];

/** Numbers from 0 to below 1 that are the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A client and what it told. */
function person(server: SimulatedServer, clock: FakeClock, userId: string, transports: Transports) {
  const environment = new FakeEnvironment();
  let ids = 0;
  const client = new ChatClient({
    userId,
    room: 'tea',
    transport: transports.socket,
    fallback: transports.web,
    history: 1_000,
    environment,
    clock,
    random: server.random,
    newId: () => `${++ids}`,
  });
  const lines: bigint[] = [];
  const settled: string[] = [];
  const gaps: bigint[] = [];
  client.on('line', ({ sequence }) => lines.push(sequence));
  client.on('gap', ({ afterSequence }) => gaps.push(afterSequence));
  client.on('outgoing', ({ id, state }) => state !== 'pending' && settled.push(`${id} ${state}`));
  client.connect();
  return { userId, client, environment, lines, settled, gaps, written: () => ids };
}

type Transports = ReturnType<typeof transportsOf>;

const transportsOf = (server: SimulatedServer) => ({
  socket: server.transport('socket', true),
  other: server.transport('other', true),
  web: server.transport('web', false),
});

function simulate(seed: number) {
  const random = randomOf(seed);
  const clock = new FakeClock();
  const server = new SimulatedServer(clock, random);
  const transports = transportsOf(server);
  const people = PEOPLE.map((userId) => person(server, clock, userId, transports));
  const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T;
  server.faults.refuse = 0.1;
  server.faults.drop = 0.02;

  const mischief = [
    () => pick([...server.channels])?.cut(),
    () => pick([...server.channels])?.freeze(),
    () => server.blocked.add(pick(['socket', 'other', 'web'])),
    () => server.blocked.clear(),
    () => pick(people).environment.setOnline(random() < 0.5),
    () => pick(people).client.use(pick(Object.values(transports))),
    () => pick(people).client.reconnectNow(),
    () => pick(people).client.loseConnection(),
  ];
  for (let step = 0; step < STEPS; step++) {
    if (random() < 0.5) {
      pick(people).client.send(`line ${step}`);
    } else if (random() < 0.4) {
      pick(mischief)();
    }
    clock.advance(random() * 400);
  }

  server.faults.refuse = 0;
  server.faults.drop = 0;
  server.blocked.clear();
  for (const { environment } of people) {
    environment.setOnline(true);
  }
  clock.advance(120_000);
  // What was lost last is missed by the next line only.
  for (const { client } of people) {
    client.send('good night');
  }
  clock.advance(120_000);
  return { server, people, clock };
}

test.each(Array.from({ length: SEEDS / 50 }, (_, block) => block * 50))(
  'whatever happens, everybody ends up with everything, once and in order (50 seeds from %i)',
  (first) => {
    for (let seed = first; seed < first + 50; seed++) {
      const { server, people, clock } = simulate(seed);
      const all = server.log.map(({ sequence }) => sequence);
      expect(all.length, `seed ${seed}`).toBeGreaterThan(0);
      for (const { userId, client, lines, settled, gaps, written } of people) {
        const ids = Array.from({ length: written() }, (_, i) => `${i + 1}`);
        const stored = server.log.filter((message) => message.userId === userId).map(({ id }) => id);
        expect(lines, `lines of ${userId}, seed ${seed}`).toEqual(all);
        expect(stored, `messages of ${userId}, seed ${seed}`).toEqual(ids);
        expect(settled, `outcomes of ${userId}, seed ${seed}`).toEqual(ids.map((id) => `${id} acknowledged`));
        expect([gaps, client.counts.duplicates], `seed ${seed}`).toEqual([[], 0]);
        client.close();
      }
      expect(server.channels.size, `seed ${seed}`).toBe(0);
      clock.advance(1_000);
      expect(clock.pendingTimers, `seed ${seed}`).toBe(0);
    }
  },
);

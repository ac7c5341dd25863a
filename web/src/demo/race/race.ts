import { newId, randomHex } from '../../chat/newId';
import { type Bytes, bytesOf, type RequestFacts } from './bytes';
import { Lane } from './lane';
import { type Spread, spreadOf } from './percentiles';
import type { Racer } from './racers';
import { type ObservedRequests, observeRequests } from './resourceTiming';

/** How a racer did. */
export interface RaceResult {
  readonly racer: Pick<Racer, 'name' | 'title' | 'transport'>;
  /** From sending to acknowledgement, one message at a time. */
  readonly latenciesMs: readonly number[];
  /** How these are spread. */
  readonly spread: Spread;
  /** Messages acknowledged in a second when all are handed over at once. */
  readonly perSecond: number;
  /** Of everything that crossed, connecting included, divided by the messages sent. */
  readonly bytesPerMessage: Bytes;
  /** HTTP requests made and WebSockets opened. */
  readonly requests: number;
  /** What the browser itself counted of these requests. */
  readonly observed: ObservedRequests;
}

/** What is raced with. */
export interface RaceSetup {
  /** How many messages, in each of the two rounds. */
  readonly messages: number;
  /** How long each is, in characters of ASCII. */
  readonly contentLength: number;
  readonly facts: RequestFacts;
}

/** The server's default publish rate, in messages a second of one connection. */
export const PUBLISH_RATE = 100;

/**
 * Lets one run: first a message at a time, for the latency; then all at once, for the rate. Between the rounds, and before
 * the next racer, who may be on the same connection, it waits until the server's publish rate has made up for them.
 */
export async function run(racer: Racer, setup: RaceSetup): Promise<RaceResult> {
  // Begun before the join, because connecting counts.
  const observer = observeRequests();
  try {
    return { ...(await compete(racer, setup)), observed: observer.stop() };
  } finally {
    observer.stop();
  }
}

async function compete(
  racer: Racer,
  { messages, contentLength, facts }: RaceSetup,
): Promise<Omit<RaceResult, 'observed'>> {
  const lane = await Lane.join(racer.chat, 'race', `race-${randomHex(4)}`);
  try {
    const latenciesMs: number[] = [];
    for (let i = 0; i < messages; i++) {
      const sentMs = performance.now();
      await lane.send(newId(), contentOf(i, contentLength));
      latenciesMs.push(performance.now() - sentMs);
    }
    await rest(messages);
    const startMs = performance.now();
    await Promise.all(
      Array.from({ length: messages }, (_, i) => lane.send(newId(), contentOf(i, contentLength))),
    );
    const perSecond = (1_000 * messages) / (performance.now() - startMs);
    lane.close();
    await rest(messages);
    const sum = bytesOf(racer.frames, facts);
    const share = (bytes: number) => bytes / (2 * messages);
    return {
      racer,
      latenciesMs,
      spread: spreadOf(latenciesMs),
      perSecond,
      bytesPerMessage: {
        payload: share(sum.payload),
        framing: share(sum.framing),
        headers: share(sum.headers),
      },
      requests: lane.meter.traffic.requests,
    };
  } finally {
    lane.close();
  }
}

function contentOf(i: number, length: number): string {
  return `message ${i} `.padEnd(length, '.').slice(0, length);
}

function rest(messages: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, (1_000 * messages) / PUBLISH_RATE));
}

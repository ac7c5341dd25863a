import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { encodeEnvelope } from '@connectrpc/connect/protocol';
import { MessageSchema } from '../../gen/duplexer/chat/v1/chat_pb';
import type { LoggedFrame, Tap } from '../wire/frame';
import { PREFIX_BYTES } from '../wire/frameSplitter';
import { tappedFetch } from '../wire/tappedFetch';
import { type Attempt, errorWords, type Timeline } from './call';
import type { CallRun } from './callRun';
import type { ScratchRoom } from './scratchRoom';
import { type Measured, proofOf, verdictOf } from './streamingVerdict';

/** Between two messages of the streamed request: long enough to see which of two things came first. */
const INTERVAL_MS = 200;

const MESSAGES = 4;

/** The values of `duplex`, required with a stream as body; the standard has `half` and no other. */
const DUPLEX = [undefined, 'full', 'half'] as const;

/**
 * Tries, for each value of `duplex`, what a gRPC-Web client that streams its request would have to do: `fetch` with a
 * stream as body.
 */
export async function attemptStreamingFetches(
  method: 'UploadMessages' | 'Chat',
  room: ScratchRoom,
  run: CallRun,
): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const duplex of DUPLEX) {
    attempts.push(await attemptStreamingFetch(method, room, run, duplex));
  }
  return attempts;
}

async function attemptStreamingFetch(
  method: 'UploadMessages' | 'Chat',
  room: ScratchRoom,
  run: CallRun,
  duplex: (typeof DUPLEX)[number],
): Promise<Attempt> {
  const named = {
    name: `fetch-${duplex ?? 'none'}`,
    label: `fetch, ${duplex ? `duplex: '${duplex}'` : 'no duplex'}`,
  };
  const startMs = performance.now();
  const framesBefore = run.timeline.frames.length;
  let tap: Tap = () => {};
  const request = new StreamedRequest(requestMessages(method, room), (frame) => tap('up', 'message', frame));
  const openTap = run.taps('grpc-web');
  const fetchAndTap = tappedFetch((path) => {
    tap = openTap(path);
    return tap;
  });
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1' },
    body: request.stream,
    signal: AbortSignal.timeout(5_000),
    ...(duplex && { duplex }),
  };
  try {
    const response = await fetchAndTap(`/duplexer.chat.v1.ChatService/${method}`, init);
    const answeredMs = performance.now() - startMs;
    await response.arrayBuffer();
    const timeline = withServerMarks({ frames: run.timeline.frames.slice(framesBefore), startMs });
    const measured = request.measured(startMs, answeredMs);
    const verdict = verdictOf(measured);
    // Only what was streamed proves anything.
    const shown = verdict.outcome === 'ok' ? { timeline, proof: proofOf(timeline, measured) } : {};
    return { ...named, ...verdict, ...shown };
  } catch (error) {
    return { ...named, outcome: 'refused', words: errorWords(error) };
  } finally {
    request.stop();
  }
}

function requestMessages(
  method: 'UploadMessages' | 'Chat',
  room: ScratchRoom,
): MessageInitShape<typeof MessageSchema>[] {
  const messages = Array.from({ length: MESSAGES }, (_, i) => room.message(`fetched message ${i + 1}`));
  return method === 'Chat' ? [room.join(), ...messages] : messages;
}

/**
 * When the server took each message, by its own clock. The two clocks are laid on each other where the first message was
 * sent, so that only differences within each clock are compared.
 */
function withServerMarks(timeline: Timeline): Timeline {
  const stamps = timeline.frames.flatMap(stampOf);
  const [firstStamp] = stamps;
  const firstSent = timeline.frames.filter(
    ({ direction, kind }) => direction === 'up' && kind === 'message',
  )[1];
  return firstStamp === undefined || !firstSent
    ? timeline
    : { ...timeline, serverMarks: stamps.map((stamp) => firstSent.atMs + stamp - firstStamp) };
}

function stampOf({ direction, kind, data, stream }: LoggedFrame): number[] {
  if (direction === 'up' || kind !== 'message' || typeof data === 'string' || stream.method !== 'Chat') {
    return [];
  }
  const { event, timestamp } = fromBinary(MessageSchema, data.subarray(PREFIX_BYTES));
  return event.case === undefined ? [Number(timestamp)] : [];
}

/** A request body that yields one gRPC-Web frame after another, and knows when it was asked for them. */
class StreamedRequest {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #messages: MessageInitShape<typeof MessageSchema>[];
  readonly #onFrame: (frame: Uint8Array) => void;
  #sent = 0;
  #endedAtMs: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(messages: MessageInitShape<typeof MessageSchema>[], onFrame: (frame: Uint8Array) => void) {
    this.#messages = messages;
    this.#onFrame = onFrame;
    // Without a queue nothing is made before the network asks for it.
    this.stream = new ReadableStream({ pull: (controller) => this.#next(controller) }, { highWaterMark: 0 });
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  measured(startMs: number, answeredMs: number): Measured {
    const endedMs = this.#endedAtMs === undefined ? undefined : this.#endedAtMs - startMs;
    return { sent: this.#sent, answeredMs, endedMs };
  }

  #next(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    return new Promise((resolve) => {
      this.#timer = setTimeout(
        () => {
          const message = this.#messages[this.#sent];
          if (message) {
            const frame = encodeEnvelope(0, toBinary(MessageSchema, create(MessageSchema, message)));
            this.#sent++;
            this.#onFrame(frame);
            controller.enqueue(frame);
          } else {
            this.#endedAtMs = performance.now();
            controller.close();
          }
          resolve();
        },
        this.#sent === 0 ? 0 : INTERVAL_MS,
      );
    });
  }
}

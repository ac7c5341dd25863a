import { create, toBinary } from '@bufbuild/protobuf';
import { encodeEnvelope } from '@connectrpc/connect/protocol';
import { MessageSchema } from '../../gen/duplexer/chat/v1/chat_pb';
import { type Attempt, errorWords } from './call';
import type { ScratchRoom } from './scratchRoom';

/** Between two messages of the streamed request: long enough to see which of two things came first. */
const INTERVAL_MS = 100;

const MESSAGES = 3;

/** The values of `duplex`, required with a stream as body; the standard has `half` and no other. */
const DUPLEX = [undefined, 'full', 'half'] as const;

/**
 * Tries, for each value of `duplex`, what a gRPC-Web client that streams its request would have to do: `fetch` with a
 * stream as body.
 */
export async function attemptStreamingFetches(
  method: 'UploadMessages' | 'Chat',
  room: ScratchRoom,
): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const duplex of DUPLEX) {
    attempts.push(await attemptStreamingFetch(method, room, duplex));
  }
  return attempts;
}

async function attemptStreamingFetch(
  method: string,
  room: ScratchRoom,
  duplex: (typeof DUPLEX)[number],
): Promise<Attempt> {
  const named = {
    name: `fetch-${duplex ?? 'none'}`,
    label: `fetch, ${duplex ? `duplex: '${duplex}'` : 'no duplex'}`,
  };
  const startMs = performance.now();
  const body = new StreamedRequest(room);
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1' },
    body: body.stream,
    signal: AbortSignal.timeout(5_000),
    ...(duplex && { duplex }),
  };
  try {
    const response = await fetch(`/duplexer.chat.v1.ChatService/${method}`, init);
    const answeredMs = performance.now() - startMs;
    await response.arrayBuffer();
    return { ...named, ...body.judge(startMs, answeredMs) };
  } catch (error) {
    return { ...named, outcome: 'refused', words: errorWords(error) };
  } finally {
    body.stop();
  }
}

/** A request body that yields one gRPC-Web frame after another, and knows when it was asked for them. */
class StreamedRequest {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #room: ScratchRoom;
  #sent = 0;
  #endedAtMs: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(room: ScratchRoom) {
    this.#room = room;
    // Without a queue nothing is made before the network asks for it.
    this.stream = new ReadableStream({ pull: (controller) => this.#next(controller) }, { highWaterMark: 0 });
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Says what a request that was answered proves. */
  judge(startMs: number, answeredMs: number): Pick<Attempt, 'outcome' | 'words'> {
    if (this.#endedAtMs === undefined) {
      return this.#sent === 0
        ? {
            outcome: 'refused',
            words: 'The browser never read the stream: it does not stream request bodies.',
          }
        : {
            outcome: 'ok',
            words: `Full duplex: the answer began after ${Math.round(answeredMs)} ms, mid-request.`,
          };
    }
    const endedMs = Math.round(this.#endedAtMs - startMs);
    const answered = Math.round(answeredMs);
    return answered < endedMs
      ? {
          outcome: 'ok',
          words: `Full duplex: answer at ${answered} ms, end of the request at ${endedMs} ms.`,
        }
      : {
          outcome: 'ok',
          words: `Half duplex only: the request streamed up until ${endedMs} ms, and the answer began after it, at ${answered} ms.`,
        };
  }

  #next(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    return new Promise((resolve) => {
      this.#timer = setTimeout(() => {
        if (this.#sent < MESSAGES) {
          const message = create(MessageSchema, this.#room.message(`fetched message ${++this.#sent}`));
          controller.enqueue(encodeEnvelope(0, toBinary(MessageSchema, message)));
        } else {
          this.#endedAtMs = performance.now();
          controller.close();
        }
        resolve();
      }, INTERVAL_MS);
    });
  }
}

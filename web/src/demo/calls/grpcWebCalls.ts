import { type Client, ConnectError } from '@connectrpc/connect';
import type { ChatService } from '../../gen/duplexer/chat/v1/chat_pb';
import type { Attempt, CallResult, Kind, MakeCall } from './call';
import { errorWords } from './call';
import { type ScratchRoom, STORED_MESSAGES } from './scratchRoom';
import { attemptStreamingFetches } from './streamingFetch';

const TIMEOUT = { timeoutMs: 10_000 };

/** The four kinds of call by gRPC-Web, as any Connect-ES program would make them. */
export function grpcWebCalls(client: Client<typeof ChatService>, room: ScratchRoom): Record<Kind, MakeCall> {
  return {
    unary: () => unary(client, room),
    'server-streaming': () => serverStreaming(client, room),
    'client-streaming': async () => {
      const connect = await attempt(() => client.uploadMessages(three(room), TIMEOUT));
      return refusable(connect, 'UploadMessages', room);
    },
    bidirectional: async () => {
      const connect = await attempt(async () => {
        for await (const _ of client.chat(three(room), TIMEOUT)) {
          // Whatever comes would do.
        }
      });
      return refusable(connect, 'Chat', room);
    },
  };
}

async function unary(client: Client<typeof ChatService>, room: ScratchRoom): Promise<CallResult> {
  const startMs = performance.now();
  const { sequence } = await client.sendMessage(room.message('one message'), TIMEOUT);
  return {
    outcome: 'ok',
    summary: `One POST, one answer: the message is #${sequence} in its room.`,
    figures: { connections: 1, up: 1, down: 1, ms: performance.now() - startMs },
  };
}

async function serverStreaming(client: Client<typeof ChatService>, room: ScratchRoom): Promise<CallResult> {
  await room.fill();
  const abort = new AbortController();
  const request = { userId: room.userId, room: room.name, join: { history: STORED_MESSAGES } };
  const startMs = performance.now();
  let down = 0;
  let lines = 0;
  for await (const message of client.subscribeToMessages(request, { ...TIMEOUT, signal: abort.signal })) {
    down++;
    lines += message.event.case === undefined ? 1 : 0;
    if (lines === STORED_MESSAGES) {
      break;
    }
  }
  const ms = performance.now() - startMs;
  // Leaving the loop does not end the call.
  abort.abort();
  if (lines < STORED_MESSAGES) {
    throw new Error(`the stream ended after ${lines} of ${STORED_MESSAGES} messages`);
  }
  return {
    outcome: 'ok',
    summary: `One POST; its answer stayed open and brought the room’s state and ${lines} messages.`,
    figures: { connections: 1, up: 1, down, ms },
  };
}

/** Three messages, one after another: what a streaming request would send. */
async function* three(room: ScratchRoom) {
  for (let i = 1; i <= 3; i++) {
    yield room.message(`streamed message ${i}`);
  }
}

/** Makes a call that Connect-ES is expected to refuse. */
async function attempt(call: () => Promise<unknown>): Promise<Attempt> {
  const named = { name: 'connect', label: 'Connect-ES' };
  try {
    await call();
    return { ...named, outcome: 'ok', words: 'It worked.' };
  } catch (error) {
    // Only what was never sent was refused by the browser's side; the rest is the server or the network.
    const refused = ConnectError.from(error).rawMessage.includes('does not support streaming request');
    return { ...named, outcome: refused ? 'refused' : 'error', words: errorWords(error) };
  }
}

/** The result of a call with a streaming request: the library's answer, then what lies under it. */
async function refusable(
  connect: Attempt,
  method: 'UploadMessages' | 'Chat',
  room: ScratchRoom,
): Promise<CallResult> {
  const attempts = [connect, ...(await attemptStreamingFetches(method, room))];
  const summaries = {
    ok: 'This browser made the call: gRPC-Web can stream requests here.',
    refused:
      method === 'Chat'
        ? 'gRPC-Web cannot make this call in a browser: fetch cannot write a request while it reads the answer.'
        : 'gRPC-Web clients do not make this call in a browser: few browsers can stream a request, and only over HTTP/2.',
    error: 'The call failed, though not because the browser cannot make it.',
  };
  return { outcome: connect.outcome, summary: summaries[connect.outcome], attempts };
}

import { ConnectError } from '@connectrpc/connect';
import { type Attempt, type CallResult, errorWords, type Kind } from './call';
import type { CallRun, MakeCall } from './callRun';
import { bidirectional, clientStreaming, serverStreaming, unary } from './grpcCalls';
import type { ScratchRoom } from './scratchRoom';
import { attemptStreamingFetches } from './streamingFetch';

/** The four kinds of call by gRPC-Web. */
export function grpcWebCalls(room: ScratchRoom): Record<Kind, MakeCall> {
  return {
    unary: (run) => unary(run.grpcWeb(), room),
    'server-streaming': async (run) => {
      await room.fill();
      run.begin();
      return serverStreaming(run.grpcWeb(), room);
    },
    'client-streaming': async (run) => {
      const connect = await attempt(() => clientStreaming(run.grpcWeb(), room));
      return refusable(connect, 'UploadMessages', room, run);
    },
    bidirectional: async (run) => {
      const connect = await attempt(() => bidirectional(run.grpcWeb(), room));
      return refusable(connect, 'Chat', room, run);
    },
  };
}

/** Makes a call that Connect-ES is expected to refuse. */
async function attempt(call: () => Promise<CallResult>): Promise<Attempt> {
  const named = { name: 'connect', label: 'Connect-ES' };
  try {
    const { summary } = await call();
    return { ...named, outcome: 'ok', words: summary };
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
  run: CallRun,
): Promise<CallResult> {
  const attempts = [connect, ...(await attemptStreamingFetches(method, room, run))];
  const summaries = {
    ok: 'This browser made the call: gRPC-Web can stream requests here.',
    refused:
      method === 'Chat'
        ? 'gRPC-Web cannot make this call in a browser: fetch cannot read an answer while it still writes the request.'
        : 'gRPC-Web clients do not make this call in a browser: few browsers can stream a request, and only over HTTP/2.',
    error: 'The call failed, though not because the browser cannot make it.',
  };
  return { outcome: connect.outcome, summary: summaries[connect.outcome], attempts };
}

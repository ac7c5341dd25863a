import type { Kind } from './call';
import type { MakeCall } from './callRun';
import { bidirectional, clientStreaming, serverStreaming, unary } from './grpcCalls';
import type { ScratchRoom } from './scratchRoom';

/** The four kinds of call by gRPC on WebSocket: the same code as gRPC-Web's, on another transport. */
export function grpcWebSocketCalls(room: ScratchRoom): Record<Kind, MakeCall> {
  return {
    unary: (run) => unary(run.grpcWebSocket(), room),
    'server-streaming': async (run) => {
      await room.fill();
      run.begin();
      return serverStreaming(run.grpcWebSocket(), room);
    },
    'client-streaming': (run) => clientStreaming(run.grpcWebSocket(), room),
    bidirectional: (run) => bidirectional(run.grpcWebSocket(), room),
  };
}

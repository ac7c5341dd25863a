import type { ChatTransport } from '../../chat/channel';
import { grpcWebChannel } from '../../chat/grpcWebChannel';
import { grpcWebSocketChannel } from '../../chat/grpcWebSocketChannel';
import { protobufCodec } from '../../chat/protobufCodec';
import { webSocketChannel } from '../../chat/webSocketChannel';
import { chatUrl } from '../chatUrl';
import type { TransportName } from '../transports';
import type { LoggedFrame } from '../wire/frame';
import { tappedFetch } from '../wire/tappedFetch';
import { tappedWebSocket } from '../wire/tappedWebSocket';
import { WireLog } from '../wire/wireLog';

/** One that takes part in the race. */
export type RacerName = 'grpc-web' | 'grpc-websocket' | 'websocket-protobuf' | 'websocket-json';

/** A way to the server whose frames are kept. */
export interface Racer {
  readonly name: RacerName;
  readonly title: string;
  /** Whose colour it has. */
  readonly transport: TransportName;
  /** The channel that the chat itself uses, on a connection of its own. */
  readonly chat: ChatTransport;
  readonly frames: readonly LoggedFrame[];
}

/** Everybody at the start. Their frames do not go to the inspector, which would slow them down by drawing them. */
export function lineUp(): Racer[] {
  return [
    racer('grpc-web', 'gRPC-Web', 'grpc-web', (log, keep) =>
      grpcWebChannel({ baseUrl: location.origin, fetch: tappedFetch(log.taps('Race', 'grpc-web', keep)) }),
    ),
    racer('grpc-websocket', 'gRPC on WebSocket', 'grpc-websocket', (log, keep) =>
      grpcWebSocketChannel({
        baseUrl: location.origin,
        webSocket: tappedWebSocket(log.taps('Race', 'grpc-websocket', keep), 'grpc'),
      }),
    ),
    racer('websocket-protobuf', 'Chat WebSocket, protobuf', 'websocket', (log, keep) =>
      webSocketChannel({
        url: chatUrl(),
        codec: protobufCodec,
        webSocket: tappedWebSocket(log.taps('Race', 'websocket', keep), 'chat'),
      }),
    ),
    racer('websocket-json', 'Chat WebSocket, JSON', 'websocket', (log, keep) =>
      webSocketChannel({
        url: chatUrl(),
        webSocket: tappedWebSocket(log.taps('Race', 'websocket', keep), 'chat'),
      }),
    ),
  ];
}

function racer(
  name: RacerName,
  title: string,
  transport: TransportName,
  open: (log: WireLog, keep: (frame: LoggedFrame) => void) => ChatTransport,
): Racer {
  const frames: LoggedFrame[] = [];
  return { name, title, transport, frames, chat: open(new WireLog(), (frame) => frames.push(frame)) };
}

import type { ChatTransport } from '../../chat/channel';
import { grpcWebChannel } from '../../chat/grpcWebChannel';
import { grpcWebSocketChannel } from '../../chat/grpcWebSocketChannel';
import { protobufCodec } from '../../chat/protobufCodec';
import type { WebSocketClass } from '../../chat/traffic';
import { webSocketChannel } from '../../chat/webSocketChannel';
import { chatUrl } from '../chatUrl';
import { tappedFetch } from '../wire/tappedFetch';
import { tappedWebSocket } from '../wire/tappedWebSocket';
import type { WireLog } from '../wire/wireLog';

/** A way to chat, as it is offered to a person. */
export interface ChatChoice {
  readonly title: string;
  /** How it sends and receives, in a few words. */
  readonly how: string;
  readonly transport: ChatTransport;
}

/** What lies between a client and the network; nothing unless given. */
export interface Between {
  readonly fetch: (inner: typeof fetch) => typeof fetch;
  readonly webSocket: (Inner: WebSocketClass) => WebSocketClass;
}

/** The ways to chat, with their names; what crosses is in the log. */
export const CHAT_TRANSPORTS = [
  'grpc-web',
  'websocket-json',
  'websocket-protobuf',
  'grpc-websocket',
] as const;

/** One of {@link CHAT_TRANSPORTS}. */
export type ChatTransportName = (typeof CHAT_TRANSPORTS)[number];

/**
 * Makes a way to chat.
 *
 * @param source who it is for, in the log
 */
export function chatChoice(
  name: ChatTransportName,
  log: WireLog,
  source: string,
  between: Between = { fetch: (inner) => inner, webSocket: (Inner) => Inner },
): ChatChoice {
  const socket = (transport: 'websocket' | 'grpc-websocket') =>
    between.webSocket(
      tappedWebSocket(log.taps(source, transport), transport === 'websocket' ? 'chat' : 'grpc'),
    );
  switch (name) {
    case 'grpc-web':
      return {
        title: 'gRPC-Web',
        how: 'A stream to receive, one POST for each message sent',
        transport: grpcWebChannel({
          baseUrl: location.origin,
          fetch: between.fetch(tappedFetch(log.taps(source, 'grpc-web'))),
        }),
      };
    case 'websocket-json':
      return {
        title: 'Chat WebSocket, JSON',
        how: 'One socket at /ws, JSON in both directions',
        transport: webSocketChannel({ url: chatUrl(), webSocket: socket('websocket') }),
      };
    case 'websocket-protobuf':
      return {
        title: 'Chat WebSocket, protobuf',
        how: 'One socket at /ws, protobuf in both directions',
        transport: webSocketChannel({
          url: chatUrl(),
          codec: protobufCodec,
          webSocket: socket('websocket'),
        }),
      };
    case 'grpc-websocket':
      return {
        title: 'gRPC on WebSocket',
        how: 'One Chat call, a stream each way, on a socket',
        transport: grpcWebSocketChannel({
          baseUrl: location.origin,
          webSocket: socket('grpc-websocket'),
        }),
      };
  }
}

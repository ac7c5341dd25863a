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

/** How the ways to chat are called on the page, by the names of their transports. */
export const CHAT_TITLES = {
  'websocket-json': 'Chat WebSocket, JSON',
  'websocket-protobuf': 'Chat WebSocket, protobuf',
  'grpc-websocket': 'gRPC on WebSocket',
  'grpc-web': 'gRPC-Web',
} as const;

/** A key of {@link CHAT_TITLES}. */
export type ChatTransportName = keyof typeof CHAT_TITLES;

/** How a transport is called on the page. */
export function chatTitle(name: string): string {
  return CHAT_TITLES[name as ChatTransportName] ?? name;
}

/**
 * Makes a way to chat; what crosses is in the log.
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
        title: CHAT_TITLES[name],
        how: 'A stream to receive, one POST for each message sent',
        transport: grpcWebChannel({
          baseUrl: location.origin,
          fetch: between.fetch(tappedFetch(log.taps(source, 'grpc-web'))),
        }),
      };
    case 'websocket-json':
      return {
        title: CHAT_TITLES[name],
        how: 'One socket at /ws, JSON in both directions',
        transport: webSocketChannel({ url: chatUrl(), webSocket: socket('websocket') }),
      };
    case 'websocket-protobuf':
      return {
        title: CHAT_TITLES[name],
        how: 'One socket at /ws, protobuf in both directions',
        transport: webSocketChannel({
          url: chatUrl(),
          codec: protobufCodec,
          webSocket: socket('websocket'),
        }),
      };
    case 'grpc-websocket':
      return {
        title: CHAT_TITLES[name],
        how: 'One Chat call, a stream each way, on a socket',
        transport: grpcWebSocketChannel({
          baseUrl: location.origin,
          webSocket: socket('grpc-websocket'),
        }),
      };
  }
}

/** The ways from the browser to the server that the page compares. */
export type TransportName = 'grpc-web' | 'grpc-websocket' | 'websocket';

/** How they are called on the page. */
export const TRANSPORT_TITLES: Readonly<Record<TransportName, string>> = {
  'grpc-web': 'gRPC-Web',
  'grpc-websocket': 'gRPC on WebSocket',
  websocket: 'Chat WebSocket',
};

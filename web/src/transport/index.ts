export { createGrpcWebSocketTransport } from './grpcWebSocketTransport.js';
export type { GrpcWebSocketTransportOptions } from './options.js';
export type { WebSocketConstructor, WebSocketLike } from './webSocketConnection.js';

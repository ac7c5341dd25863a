import type { Transport } from '@connectrpc/connect';
import { createTransport } from '@connectrpc/connect/protocol-grpc-web';
import { callClient } from './call.js';
import type { Connect } from './connection.js';
import { type GrpcWebSocketTransportOptions, limitsOf, MAX_TIMEOUT_MS, READ_AHEAD_BYTES } from './options.js';
import { type WebSocketConstructor, webSocketConnect } from './webSocketConnection.js';
import { type WebSocketStreamConstructor, webSocketStreamConnect } from './webSocketStreamConnection.js';
import { webSocketBaseUrl } from './webSocketUrl.js';

/**
 * A Connect transport on which all four kinds of gRPC call work in a browser: each call is one WebSocket that speaks the
 * subprotocol `grpc-websockets`, which Duplexer's bridge and the servers of `@improbable-eng/grpc-web` understand.
 *
 * Headers, trailers, error details, interceptors, `timeoutMs` and `signal` are as with Connect's other transports. To
 * cancel a streaming call abort its signal: leaving a `for await` loop does not. What goes wrong is always a ConnectError:
 *
 * | what happens | code |
 * |---|---|
 * | the server ends the call with a status | that status |
 * | the socket does not open, or ends before the trailers came | Unavailable, with close code and reason |
 * | the page is left, even if the browser keeps it to come back to | Unavailable |
 * | the signal is aborted | Canceled; the socket is closed at once |
 * | the time is over | DeadlineExceeded |
 * | a message, or what waits to be read, is too long | ResourceExhausted |
 * | the server does not keep to the protocol | Internal |
 * | the platform refuses to make the socket, as for an address that the page may not use | Internal, with its words |
 * | metadata that is not ASCII | InvalidArgument; nothing is sent |
 *
 * Messages are never compressed by gRPC; the WebSocket may do that.
 *
 * @throws TypeError when an option cannot be used, or the platform has no WebSocket
 */
export function createGrpcWebSocketTransport(options: GrpcWebSocketTransportOptions): Transport {
  const { location } = globalThis as { location?: { readonly href: string } };
  const limits = limitsOf(options);
  const transport = createTransport({
    baseUrl: webSocketBaseUrl(options.baseUrl, location?.href),
    httpClient: callClient(connectOf(options, limits.highWaterMarkBytes), {
      readMaxBytes: limits.readMaxBytes,
      readAheadBytes: READ_AHEAD_BYTES,
      maxQueuedBytes: limits.maxQueuedBytes,
    }),
    useBinaryFormat: options.useBinaryFormat ?? true,
    interceptors: [...(options.interceptors ?? [])],
    acceptCompression: [],
    sendCompression: null,
    compressMinBytes: 0,
    readMaxBytes: limits.readMaxBytes,
    writeMaxBytes: limits.writeMaxBytes,
    ...(options.jsonOptions && { jsonOptions: options.jsonOptions }),
    ...(options.binaryOptions && { binaryOptions: options.binaryOptions }),
  });
  const limit = (timeoutMs = limits.defaultTimeoutMs) => Math.min(timeoutMs, MAX_TIMEOUT_MS);
  return {
    unary: (method, signal, timeoutMs, ...rest) => transport.unary(method, signal, limit(timeoutMs), ...rest),
    stream: (method, signal, timeoutMs, ...rest) =>
      transport.stream(method, signal, limit(timeoutMs), ...rest),
  };
}

function connectOf({ webSocket }: GrpcWebSocketTransportOptions, highWaterMarkBytes: number): Connect {
  const { WebSocket, WebSocketStream } = globalThis as {
    WebSocket?: WebSocketConstructor;
    WebSocketStream?: WebSocketStreamConstructor;
  };
  if (!webSocket && WebSocketStream) {
    return webSocketStreamConnect(WebSocketStream);
  }
  const chosen = webSocket ?? WebSocket;
  if (!chosen) {
    throw new TypeError('webSocket: none (expected: a class, as this platform has no WebSocket of its own)');
  }
  return webSocketConnect(chosen, highWaterMarkBytes);
}

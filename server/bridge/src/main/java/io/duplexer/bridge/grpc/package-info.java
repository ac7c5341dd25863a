/**
 * gRPC over WebSocket, subprotocol {@code grpc-websockets}: all four kinds of call from any browser, by a decorator round
 * any service that speaks gRPC-Web. It works on bytes: no descriptors, no protobuf.
 */
@NullMarked
package io.duplexer.bridge.grpc;

import org.jspecify.annotations.NullMarked;

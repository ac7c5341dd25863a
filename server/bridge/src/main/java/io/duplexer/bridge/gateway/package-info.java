/**
 * The gateway: gRPC, gRPC-Web and, through the decorator of {@code io.duplexer.bridge.grpc}, gRPC over WebSocket before
 * remote gRPC servers in any language. It works on bytes: no descriptors, no protobuf, nothing to configure per method.
 */
@NullMarked
package io.duplexer.bridge.gateway;

import org.jspecify.annotations.NullMarked;

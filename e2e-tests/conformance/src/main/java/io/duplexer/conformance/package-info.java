/** A server for connectrpc's conformance suite, on the same gRPC as the product's. */
@NullMarked
package io.duplexer.conformance;

import org.jspecify.annotations.NullMarked;

/** The gateway: remote gRPC services on one port. */
@NullMarked
package io.duplexer.app.gateway;

import org.jspecify.annotations.NullMarked;

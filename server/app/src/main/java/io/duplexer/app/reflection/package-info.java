/** Documentation, and calls in JSON, for services that are known by gRPC's reflection alone. */
@NullMarked
package io.duplexer.app.reflection;

import org.jspecify.annotations.NullMarked;

/** Clients of the chat on each transport behind one interface, and the codecs that they need. */
@NullMarked
package io.duplexer.e2e.client;

import org.jspecify.annotations.NullMarked;

/** What the chat promises, checked over every transport. A new transport is one more subclass. */
@NullMarked
package io.duplexer.e2e.contract;

import org.jspecify.annotations.NullMarked;

/** The page in a real browser, used as a person would. */
@NullMarked
package io.duplexer.e2e.browser;

import org.jspecify.annotations.NullMarked;

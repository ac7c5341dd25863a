/** What is measured. */
@NullMarked
package io.duplexer.bench.suite;

import org.jspecify.annotations.NullMarked;

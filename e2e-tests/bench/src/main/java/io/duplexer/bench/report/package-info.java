/** Medians and Markdown. */
@NullMarked
package io.duplexer.bench.report;

import org.jspecify.annotations.NullMarked;

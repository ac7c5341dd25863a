/** What every test here uses: the server as a child process, other programs, waiting. */
@NullMarked
package io.duplexer.e2e.support;

import org.jspecify.annotations.NullMarked;

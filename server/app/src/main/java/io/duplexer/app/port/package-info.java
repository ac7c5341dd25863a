/** What every server here has in common: a port, who may come in, the page. */
@NullMarked
package io.duplexer.app.port;

import org.jspecify.annotations.NullMarked;

/**
 * The durable engine: one SQLite database in a directory of its own.
 *
 * <p>One thread writes. It takes whatever is queued, writes it as one transaction and tells everybody; while it waits
 * for the disk the next batch gathers. Two threads read, each on a connection of its own, which in write-ahead-log mode
 * neither wait for the writer nor keep it waiting. What was written last is in memory, too.
 */
@NullMarked
package io.duplexer.app.history.sqlite;

import org.jspecify.annotations.NullMarked;

/**
 * Rooms, sessions and delivery. Knows no transport: a transport hands in {@link io.duplexer.chat.v1.Message}s and
 * implements {@link io.duplexer.app.chat.Outlet} for what comes out.
 */
@NullMarked
package io.duplexer.app.chat;

import org.jspecify.annotations.NullMarked;

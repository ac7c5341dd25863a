package io.duplexer.app.history;

import io.duplexer.chat.v1.Message;

/**
 * What came of an append.
 *
 * @param message as stored, with its sequences
 * @param duplicate the log had it before under the same room, user and id; {@code message} is that first one
 */
public record Appended(Message message, boolean duplicate) {}

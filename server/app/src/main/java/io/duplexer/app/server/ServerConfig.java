package io.duplexer.app.server;

import io.duplexer.app.chat.ChatLimits;
import io.duplexer.app.port.PortConfig;

/**
 * All settings of a chat server, checked. The command line has their defaults and their meaning.
 *
 * @param maxWebSocketMessageBytes of one message on the chat WebSocket
 * @param maxQueuedBytes that may wait for one subscriber
 */
public record ServerConfig(
        PortConfig port, HistoryConfig history, ChatLimits chat, int maxWebSocketMessageBytes, int maxQueuedBytes) {}

package io.duplexer.app;

import io.duplexer.app.chat.ChatLimits;

/**
 * All settings of a chat server, checked. {@link Options} has their defaults and their meaning.
 *
 * @param maxMessageBytes of one gRPC message
 * @param maxWebSocketMessageBytes of one message on the chat WebSocket
 * @param maxQueuedBytes that may wait for one subscriber
 */
record ServerConfig(
        PortConfig port,
        HistoryConfig history,
        ChatLimits chat,
        int maxMessageBytes,
        int maxWebSocketMessageBytes,
        int maxQueuedBytes) {}

package io.duplexer.app.chat;

import io.duplexer.app.history.History;
import io.duplexer.chat.v1.HistoryPage;
import io.duplexer.chat.v1.ReadHistory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads back in the rooms' history, a page at a time. Thread-safe. */
final class Past {
    static final int DEFAULT_MESSAGES = 50;
    static final int MAX_MESSAGES = 200;

    private static final Logger logger = LoggerFactory.getLogger(Past.class);

    private final History history;

    Past(History history) {
        this.history = history;
    }

    /**
     * Reads one page.
     *
     * @return completes with the newest messages before {@link ReadHistory#getBefore}; fails with a {@link ChatException}
     * @throws ChatException when more is asked for than a page may have
     */
    CompletableFuture<HistoryPage> read(String room, ReadHistory request) {
        return history.before(room, before(request), limit(request)).handle((page, failure) -> {
            if (failure != null) {
                if (!Chat.isOverload(failure)) {
                    logger.error("[{}] the history could not be read", room, failure);
                }
                throw new ChatException(
                        Problem.UNAVAILABLE,
                        "history: it could not be read (expected: ask again later)",
                        Duration.ofSeconds(1));
            }
            return HistoryPage.newBuilder()
                    .addAllMessages(page.messages())
                    .setMore(page.total() > page.messages().size())
                    .build();
        });
    }

    /** Unsigned: what is above the greatest sequence is after all of them. */
    private static long before(ReadHistory request) {
        return request.getBefore() <= 0 ? Long.MAX_VALUE : request.getBefore();
    }

    private static int limit(ReadHistory request) {
        var limit = Integer.toUnsignedLong(request.getLimit());
        if (limit > MAX_MESSAGES) {
            throw MessageRules.invalid(
                    "limit", limit + " messages", "at most " + MAX_MESSAGES + "; 0 means " + DEFAULT_MESSAGES);
        }
        return limit == 0 ? DEFAULT_MESSAGES : (int) limit;
    }
}

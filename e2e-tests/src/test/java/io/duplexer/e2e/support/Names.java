package io.duplexer.e2e.support;

import java.util.concurrent.atomic.AtomicInteger;

/** Names that no other test uses: tests share servers. */
public final class Names {
    private static final AtomicInteger next = new AtomicInteger();

    private Names() {}

    public static String room() {
        return "room-" + next.incrementAndGet();
    }

    /** {@code name}, made unique. */
    public static String unique(String name) {
        return name + "-" + next.incrementAndGet();
    }
}

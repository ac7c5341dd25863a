package io.duplexer.e2e.support;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What has arrived, in order. One thread or more add to it; the test takes from it, and waits no longer than
 * {@link Patience#LIMIT} for what must come.
 */
public final class Inbox<T> {
    private final List<T> all = new ArrayList<>();
    private int taken;

    public synchronized void add(T item) {
        all.add(item);
        notifyAll();
    }

    /** Everything that has arrived so far, taken or not. */
    public synchronized List<T> all() {
        return List.copyOf(all);
    }

    /** The next item that was not taken yet. */
    public T take() {
        return take(1).get(0);
    }

    /** The next {@code count} items that were not taken yet. */
    public synchronized List<T> take(int count) {
        waitFor(() -> all.size() >= taken + count, count + " more after " + taken);
        var items = List.copyOf(all.subList(taken, taken + count));
        taken += count;
        return items;
    }

    /** The next item that matches; those before it are skipped. */
    public synchronized T take(Predicate<? super T> which) {
        waitFor(() -> all.stream().skip(taken).anyMatch(which), "a certain one after " + taken);
        while (true) {
            var item = all.get(taken++);
            if (which.test(item)) {
                return item;
            }
        }
    }

    /** Whether an item is there that was not taken yet. */
    public synchronized boolean isEmpty() {
        return taken == all.size();
    }

    private void waitFor(Condition condition, String what) {
        var deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        while (!condition.holds()) {
            var left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("waited " + Patience.LIMIT + " for " + what + " in " + all);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    private interface Condition {
        boolean holds();
    }
}

package io.duplexer.app.history;

/** The contract, kept in memory. */
final class MemoryHistoryTest extends HistoryConcurrencyContract {
    @Override
    History open() {
        return new MemoryHistory(Retentions.of(100, 1_000_000), Long.MAX_VALUE);
    }
}

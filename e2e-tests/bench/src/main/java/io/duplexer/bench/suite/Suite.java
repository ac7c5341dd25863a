package io.duplexer.bench.suite;

/** One comparison. */
public interface Suite {
    /** Runs it and returns the table of its results in Markdown. */
    String run(Settings settings);
}

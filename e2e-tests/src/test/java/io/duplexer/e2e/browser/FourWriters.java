package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.browser.Typists.Row;
import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;

/** Two windows on one room, and four people in them who write all the time: the two on the left by gRPC-Web. */
final class FourWriters implements AutoCloseable {
    private final DemoPage first;
    private final DemoPage second;
    private int writtenByEach;

    private FourWriters(DemoPage first, DemoPage second) {
        this.first = first;
        this.second = second;
    }

    static FourWriters open(Browser browser, URI server, String room) {
        return new FourWriters(
                DemoPage.open(browser, server, room, "Ann", "Bob"),
                DemoPage.open(browser, server, room, "Cid", "Dora"));
    }

    private List<DemoPage.Pane> panes() {
        return List.of(first.left(), first.right(), second.left(), second.right());
    }

    /** Everybody begins to write {@code count} messages. What they wrote before must be on the screen. */
    void write(int count) {
        first.waitFor(
                "everybody is in the room",
                () -> panes().stream().noneMatch(pane -> pane.transport().isEmpty()));
        Typists.start(first.browser(), writtenByEach + 1, writtenByEach + count);
        Typists.start(second.browser(), writtenByEach + 1, writtenByEach + count);
        writtenByEach += count;
    }

    /** Waits until every pane shows so many messages at their place in the room. */
    void waitForShown(int count) {
        first.waitFor(
                count + " messages in every pane",
                () -> panes().stream()
                        .allMatch(pane -> placed(Typists.rows(pane)).size() >= count));
    }

    /** Waits until everything that was written is shown everywhere. */
    void waitForAll() {
        waitForShown(4 * writtenByEach);
    }

    /** Waits until the two on the right are connected in this way. */
    void waitForRight(String state, String transport) {
        first.waitFor(
                "the panes on the right are in state " + state + " by " + transport,
                () -> panes().stream()
                        .filter(pane -> pane.side().equals("right"))
                        .allMatch(pane ->
                                pane.state().equals(state) && pane.transport().equals(transport)));
    }

    /**
     * Waits until everything has been written; then every pane must show the same, every message once, each person's in the
     * order in which they wrote them, and no client may have counted a gap or a duplicate.
     */
    void assertComplete() {
        waitForAll();
        var rows = Typists.rows(first.left());
        assertThat(rows).extracting(Row::sequence).doesNotHaveDuplicates();
        for (var author : List.of("Ann", "Bob", "Cid", "Dora")) {
            assertThat(rows)
                    .filteredOn(row -> row.author().equals(author))
                    .extracting(Row::content)
                    .isEqualTo(IntStream.rangeClosed(1, writtenByEach)
                            .mapToObj(number -> author + " " + number)
                            .toList());
        }
        for (var pane : panes()) {
            assertThat(Typists.rows(pane)).isEqualTo(rows);
            assertThat(pane.counted("lines")).isEqualTo(4 * writtenByEach);
            assertThat(pane.counted("gaps")).isZero();
            assertThat(pane.counted("duplicates")).isZero();
        }
    }

    /** Every client must say that it got back exactly what it had missed. */
    void assertRecovered() {
        assertThat(panes()).extracting(DemoPage.Pane::recovered).containsOnly("true");
    }

    private static List<Row> placed(List<Row> rows) {
        return rows.stream().filter(row -> !row.sequence().isEmpty()).toList();
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }
}

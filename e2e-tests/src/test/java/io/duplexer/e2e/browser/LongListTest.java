package io.duplexer.e2e.browser;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.duplexer.e2e.support.SharedServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A room in which more is written than a page can keep. */
class LongListTest {
    private static final int MAX_ROWS = 2_000;

    /** Writes lines from a socket of its own, as somebody else would. */
    private static final String WRITE = """
            const [room, from, to] = arguments;
            const socket = new WebSocket(`ws://${location.host}/ws`);
            socket.onopen = () => {
              for (let i = from; i <= to; i++) {
                socket.send(JSON.stringify({ user_id: 'Eve', room, content: `line ${i}` }));
              }
            };
            """;

    private static final String STATE = """
            const log = document.getElementById(`${arguments[0]}-log`);
            const rows = log.querySelectorAll('li');
            return {
              rows: rows.length,
              last: rows.length === 0 ? '' : rows[rows.length - 1].querySelector('.content').textContent,
              fromEnd: log.scrollHeight - log.scrollTop - log.clientHeight,
            };
            """;

    /** Goes to the middle, and returns which line is the first in sight there when the page has taken note. */
    private static final String READ_IN_THE_MIDDLE = """
            const [side, done] = arguments;
            const log = document.getElementById(`${side}-log`);
            log.scrollTop = log.scrollHeight / 2;
            requestAnimationFrame(() => requestAnimationFrame(() => {
              const top = log.getBoundingClientRect().top;
              const row = [...log.querySelectorAll('.message')].find((row) => row.getBoundingClientRect().top >= top);
              done(row.dataset.sequence);
            }));
            """;

    private static final String TOP = """
            const [side, sequence] = arguments;
            const log = document.getElementById(`${side}-log`);
            return log.querySelector(`[data-sequence='${sequence}']`).getBoundingClientRect().top;
            """;

    @RegisterExtension
    static final SharedServer server = SharedServer.with("--publish-rate", "0");

    @Test
    void theOldestRowsGoAndTheListFollowsItsEndOrStaysWhereSomebodyReads() {
        var room = "long-" + System.nanoTime();
        try (var page = DemoPage.open(Browser.CHROMIUM, server.uri(), room, "Ann", "Bob")) {
            var panes = List.of(page.left(), page.right());
            panes.forEach(pane -> pane.waitForState("connected"));

            page.browser().executeScript(WRITE, room, 1, MAX_ROWS + 100);
            for (var pane : panes) {
                waitForLast(pane, "line 2100");
                page.waitFor("the end is in sight", () -> number(pane, "fromEnd") < 1);
                assertThat(number(pane, "rows")).isBetween(MAX_ROWS - 100.0, (double) MAX_ROWS);
                assertThat(page.find(pane.side() + "-older").isDisplayed()).isFalse();
            }

            var read = panes.stream()
                    .map(pane -> String.valueOf(page.browser().executeAsyncScript(READ_IN_THE_MIDDLE, pane.side())))
                    .toList();
            var tops = List.of(top(panes.get(0), read.get(0)), top(panes.get(1), read.get(1)));
            page.browser().executeScript(WRITE, room, MAX_ROWS + 101, MAX_ROWS + 400);
            for (var i = 0; i < panes.size(); i++) {
                var pane = panes.get(i);
                waitForLast(pane, "line 2400");
                assertThat(number(pane, "rows")).isBetween(MAX_ROWS - 100.0, (double) MAX_ROWS);
                assertThat(top(pane, read.get(i))).isCloseTo(tops.get(i), within(1.0));
                assertThat(page.find(pane.side() + "-jump").getText()).isEqualTo("300 new messages ↓");
            }
        }
    }

    private static void waitForLast(DemoPage.Pane pane, String content) {
        pane.page().waitFor(content, () -> content.equals(state(pane).get("last")));
    }

    private static double number(DemoPage.Pane pane, String name) {
        return ((Number) requireNonNull(state(pane).get(name))).doubleValue();
    }

    private static double top(DemoPage.Pane pane, String sequence) {
        return ((Number) requireNonNull(pane.page().browser().executeScript(TOP, pane.side(), sequence))).doubleValue();
    }

    @SuppressWarnings("unchecked") // What the script returns.
    private static Map<String, Object> state(DemoPage.Pane pane) {
        return (Map<String, Object>) requireNonNull(pane.page().browser().executeScript(STATE, pane.side()));
    }
}

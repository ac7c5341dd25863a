package io.duplexer.e2e.browser;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.openqa.selenium.remote.RemoteWebDriver;

/**
 * Writes into both panes of a page, one message after another, from a script in it: a test drives the page far too slowly
 * to have messages under way whenever something breaks. The script uses the same field and button as a person, and
 * leaves a message in the field until it is taken.
 */
final class Typists {
    private static final int EVERY_MS = 50;

    private static final String START = """
            const [from, to, everyMs] = arguments;
            const find = (id) => document.querySelector(`[data-testid='${id}']`);
            for (const side of ['left', 'right']) {
              let next = from;
              const timer = setInterval(() => {
                const input = find(`${side}-input`);
                input.value ||= `${find(`${side}-name`).value} ${next}`;
                find(`${side}-send`).click();
                next += input.value === '' ? 1 : 0;
                if (next > to) {
                  clearInterval(timer);
                }
              }, everyMs);
            }
            """;

    private static final String ROWS = """
            const [side] = arguments;
            return [...document.querySelectorAll(`[data-testid='${side}-message']`)].map((row) => [
              row.dataset.sequence ?? '',
              row.dataset.author,
              row.querySelector(`[data-testid='${side}-message-content']`).textContent,
            ]);
            """;

    private Typists() {}

    /** One message on the screen; the sequence is empty while it has none. */
    record Row(String sequence, String author, String content) {}

    /** Has both people of a page write their name and a number, for each number in a range. */
    static void start(RemoteWebDriver browser, int from, int to) {
        browser.executeScript(START, from, to, EVERY_MS);
    }

    /** What a pane shows, from top to bottom, read in one go. */
    static List<Row> rows(DemoPage.Pane pane) {
        @SuppressWarnings("unchecked") // What the script returns.
        var rows = (List<List<String>>) requireNonNull(pane.page().browser().executeScript(ROWS, pane.side()));
        return rows.stream()
                .map(row -> new Row(row.get(0), row.get(1), row.get(2)))
                .toList();
    }
}

package io.duplexer.e2e.browser;

import com.fasterxml.jackson.databind.JsonNode;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.ScriptHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;

/** Scripts in a page of a server, in Chromium. */
public final class ScriptPage extends ScriptHost {
    private final ChromeDriver browser = Chromium.open();
    private final String library;

    /** Opens a browser for {@code client}, such as {@code nice}. */
    public ScriptPage(String client) {
        try {
            library = Files.readString(bundle("browser", client + ".js"));
        } catch (IOException e) {
            browser.quit();
            throw new UncheckedIOException(e);
        }
        browser.manage().timeouts().scriptTimeout(Patience.LIMIT);
    }

    /** Any page will do; this one has no script of its own. */
    @Override
    public void visit(URI server) {
        browser.get(server.resolve("/healthz").toString());
        // As text and not by eval, which a policy may forbid.
        browser.executeScript(library + "\nwindow.client = client;");
    }

    /** Goes elsewhere, as a person does; the browser may keep the page, to come back to it. */
    void leave() {
        browser.get("about:blank");
    }

    /** Closes the tab that shows the page, as a person does; there is a new one then. */
    void closeTab() {
        var tab = browser.getWindowHandle();
        browser.switchTo().newWindow(WindowType.TAB);
        var next = browser.getWindowHandle();
        browser.switchTo().window(tab).close();
        browser.switchTo().window(next);
    }

    @Override
    public JsonNode run(String script, Object... args) {
        var result = browser.executeAsyncScript("""
                const args = [...arguments];
                const done = args.pop();
                const client = window.client;
                (async () => {
                %s
                })().then(
                  (value) => done(JSON.stringify({ value: value ?? null })),
                  (error) => done(JSON.stringify({ error: String(error?.stack ?? error) })),
                );
                """.formatted(script), args);
        return value(parse(String.valueOf(result)), script);
    }

    @Override
    public void close() {
        browser.quit();
    }
}

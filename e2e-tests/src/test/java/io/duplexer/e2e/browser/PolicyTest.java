package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.support.SharedServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The browser keeps to the page's Content-Security-Policy: nothing inline, nothing evaluated, nothing from elsewhere. */
@EachBrowser
class PolicyTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    /**
     * Tries what an attacker would, by elements put into the page and by its window: what a driver runs itself may be
     * exempt. Ends when each
     * has been refused, or has worked.
     */
    private static final String ATTACK = """
            const [done] = arguments;
            const attacks = {
              'script-src-elem': () => put('script', { textContent: 'document.title = "attacked"' }),
              'style-src-elem': () => put('style', { textContent: 'body { display: none }' }),
              'style-src-attr': () => document.body.setAttribute('style', 'display: none'),
              'img-src': () => put('img', { src: 'https://elsewhere.invalid/image.png' }),
              'frame-src': () => put('iframe', { src: 'https://elsewhere.invalid/' }),
              'connect-src': () => fetch('https://elsewhere.invalid/').catch(() => {}),
              'script-src': () => setTimeout('document.title = "attacked"', 0),
            };
            const put = (tag, properties) => document.body.append(Object.assign(document.createElement(tag), properties));
            const refused = new Set();
            document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
              refused.add(effectiveDirective);
              if (refused.size === Object.keys(attacks).length) {
                done([document.title, getComputedStyle(document.body).display, ...[...refused].sort()]);
              }
            });
            for (const attack of Object.values(attacks)) {
              attack();
            }
            """;

    private final Browser browser;

    PolicyTest(Browser browser) {
        this.browser = browser;
    }

    @Test
    void whatIsNotFromTheServerNeitherRunsNorIsFetched() {
        try (var page = DemoPage.open(browser, server.uri(), "policy", "Ann", "Bob")) {
            page.browser().manage().timeouts().scriptTimeout(Duration.ofSeconds(20));
            assertThat((List<?>) page.browser().executeAsyncScript(ATTACK))
                    .isEqualTo(List.of(
                            "Duplexer",
                            "block",
                            "connect-src",
                            "frame-src",
                            "img-src",
                            "script-src",
                            "script-src-elem",
                            "style-src-attr",
                            "style-src-elem"));
        }
    }

    @Test
    void thePageLeavesNothingInTheBrowser() {
        try (var page = DemoPage.open(browser, server.uri(), "traces", "Ann", "Bob")) {
            page.left().waitForState("connected").write("hello");
            page.left().waitForMessage("hello");
            assertThat(page.browser().manage().getCookies()).isEmpty();
            assertThat(page.browser().executeScript("return localStorage.length + sessionStorage.length"))
                    .isEqualTo(0L);
        }
    }
}

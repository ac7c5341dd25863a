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

    /** Tries what an attacker would. From a timer: what a driver runs itself may be exempt. */
    private static final String ATTACK = """
            const [done] = arguments;
            const refused = [];
            document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => refused.push(effectiveDirective));
            setTimeout(async () => {
              const script = document.createElement('script');
              script.textContent = 'window.attacked = true';
              document.body.append(script);
              document.body.setAttribute('style', 'display: none');
              try {
                globalThis.eval('window.attacked = true');
              } catch {}
              await fetch('https://elsewhere.invalid/').catch(() => {});
              setTimeout(() => done([String(window.attacked), ...refused.sort()]), 0);
            }, 0);
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
                    .isEqualTo(List.of("undefined", "connect-src", "script-src", "script-src-elem", "style-src-attr"));
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

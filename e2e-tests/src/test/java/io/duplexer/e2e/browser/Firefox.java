package io.duplexer.e2e.browser;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.openqa.selenium.firefox.FirefoxCommandContext;
import org.openqa.selenium.firefox.FirefoxDriver;
import org.openqa.selenium.firefox.FirefoxOptions;
import org.openqa.selenium.firefox.GeckoDriverService;

/** A headless Firefox: the installed one, when geckodriver is there, too. */
final class Firefox {
    private static final Optional<Path> BROWSER = Programs.find("firefox", "firefox-esr");
    private static final Optional<Path> DRIVER = Programs.find("geckodriver");

    private Firefox() {}

    static boolean isPresent() {
        return BROWSER.isPresent() && DRIVER.isPresent();
    }

    /** Opens a browser with a profile of its own. */
    static FirefoxDriver open() {
        var options = new FirefoxOptions()
                .setBinary(BROWSER.orElseThrow())
                .addArguments("-headless", "--width=1280", "--height=1200")
                // Names of this machine, for pages that are not to know that it is this machine.
                .addPreference("network.dns.localDomains", "chat.test")
                .addPreference("dom.events.testing.asyncClipboard", true)
                .addPreference("ui.prefersReducedMotion", 1);
        options.setAcceptInsecureCerts(true);
        var service = new GeckoDriverService.Builder()
                .usingDriverExecutable(DRIVER.orElseThrow().toFile())
                // For preferences that change while a page is shown.
                .withAllowSystemAccess(true);
        return new FirefoxDriver(service.build(), options);
    }

    static void prefer(FirefoxDriver driver, String feature, String value) {
        var preference = switch (feature) {
            case "prefers-color-scheme" ->
                List.of("layout.css.prefers-color-scheme.content-override", value.equals("dark") ? 0 : 1);
            case "prefers-reduced-motion" -> List.of("ui.prefersReducedMotion", value.equals("reduce") ? 1 : 0);
            default ->
                throw new IllegalArgumentException(
                        "feature: " + feature + " (expected: prefers-color-scheme or prefers-reduced-motion)");
        };
        driver.setContext(FirefoxCommandContext.CHROME);
        driver.executeScript("Services.prefs.setIntPref(...arguments)", preference.toArray());
        driver.setContext(FirefoxCommandContext.CONTENT);
    }
}

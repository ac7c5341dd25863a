package io.duplexer.e2e.browser;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.chromium.ChromiumDriver;
import org.openqa.selenium.firefox.FirefoxDriver;
import org.openqa.selenium.remote.RemoteWebDriver;

/** The browsers that the page is tried in: Chromium always, Firefox where it and its driver are. */
enum Browser {
    CHROMIUM {
        @Override
        RemoteWebDriver start() {
            return Chromium.open();
        }

        @Override
        void resize(RemoteWebDriver driver, int width, int height) {
            // Not by the window, which has a smallest width.
            ((ChromiumDriver) driver)
                    .executeCdpCommand(
                            "Emulation.setDeviceMetricsOverride",
                            Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        }

        @Override
        void prefer(RemoteWebDriver driver, String feature, String value) {
            ((ChromiumDriver) driver)
                    .executeCdpCommand(
                            "Emulation.setEmulatedMedia",
                            Map.of("features", List.of(Map.of("name", feature, "value", value))));
        }
    },

    FIREFOX {
        @Override
        RemoteWebDriver start() {
            return Firefox.open();
        }

        @Override
        void resize(RemoteWebDriver driver, int width, int height) {
            driver.manage().window().setSize(new Dimension(width, height));
        }

        @Override
        void prefer(RemoteWebDriver driver, String feature, String value) {
            Firefox.prefer((FirefoxDriver) driver, feature, value);
        }
    };

    private static final Set<Browser> TOLD = ConcurrentHashMap.newKeySet();

    /** For {@link EachBrowser}. */
    static Stream<Browser> present() {
        return Firefox.isPresent() ? Stream.of(CHROMIUM, FIREFOX) : Stream.of(CHROMIUM);
    }

    /** Opens one with a profile of its own; the first time it is said which it is. */
    final RemoteWebDriver open() {
        var driver = start();
        if (TOLD.add(this)) {
            var capabilities = driver.getCapabilities();
            System.out.printf(
                    "The page is open in %s %s%n", capabilities.getBrowserName(), capabilities.getBrowserVersion());
        }
        return driver;
    }

    /** The name of a picture or of a room that this browser shares with no other. */
    final String own(String name) {
        return this == CHROMIUM ? name : "firefox-" + name;
    }

    abstract RemoteWebDriver start();

    /** Gives the page a window of this size. */
    abstract void resize(RemoteWebDriver driver, int width, int height);

    /** Sets a media feature, such as {@code prefers-color-scheme}, also of a page that is shown. */
    abstract void prefer(RemoteWebDriver driver, String feature, String value);
}

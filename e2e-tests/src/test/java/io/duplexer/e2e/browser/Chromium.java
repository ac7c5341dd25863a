package io.duplexer.e2e.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * A headless Chromium: the installed one; where there is none, the distribution's on Debian and Ubuntu as root, what
 * Selenium Manager brings elsewhere. Without any, opening one fails and says what to install.
 */
final class Chromium {
    private static final String[] BROWSERS = {"chromium", "chromium-browser", "google-chrome"};
    private static final String DRIVER = "chromedriver";
    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // The page then does not scroll smoothly, and what is to be clicked stands still.
            "--force-prefers-reduced-motion",
            // Names of this machine, for pages that are not to know that it is this machine.
            "--host-resolver-rules=MAP chat.test 127.0.0.1",
            "--window-size=1280,1200");

    private static boolean installed;

    private Chromium() {}

    /** Opens a browser with a profile of its own. */
    static ChromeDriver open() {
        installWhereMissing();
        var options = new ChromeOptions();
        options.addArguments(FLAGS);
        options.setAcceptInsecureCerts(true);
        var service = new ChromeDriverService.Builder();
        Programs.find(BROWSERS).ifPresent(browser -> options.setBinary(browser.toFile()));
        Programs.find(DRIVER).ifPresent(driver -> service.usingDriverExecutable(driver.toFile()));
        try {
            return new ChromeDriver(service.build(), options);
        } catch (WebDriverException e) {
            throw new IllegalStateException(
                    "No browser could be started. Install Chromium or Chrome and the chromedriver of the same version "
                            + "(on Debian or Ubuntu: apt-get install chromium chromium-driver) and put them on the PATH.",
                    e);
        }
    }

    private static synchronized void installWhereMissing() {
        var missing = Programs.find(BROWSERS).isEmpty() || Programs.find(DRIVER).isEmpty();
        if (!missing || installed || !isDebianAsRoot()) {
            return;
        }
        installed = true;
        run("apt-get", "update", "-qq");
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "chromium-driver");
    }

    private static boolean isDebianAsRoot() {
        return Files.exists(Path.of("/etc/debian_version")) && "root".equals(System.getProperty("user.name"));
    }

    private static void run(String... command) {
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true).inheritIO();
            builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
            var process = builder.start();
            if (!process.waitFor(10, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
            if (process.exitValue() != 0) {
                throw new IllegalStateException(
                        String.join(" ", command) + " failed with exit code " + process.exitValue());
            }
        } catch (IOException e) {
            throw new IllegalStateException(String.join(" ", command) + " could not be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(String.join(" ", command) + " was interrupted", e);
        }
    }
}

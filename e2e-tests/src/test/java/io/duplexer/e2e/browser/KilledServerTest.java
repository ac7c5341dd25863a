package io.duplexer.e2e.browser;

import io.duplexer.e2e.support.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four people write in two windows while the server is killed and started again, on the same data. */
@EachBrowser
class KilledServerTest {
    private final Browser browser;

    KilledServerTest(Browser browser) {
        this.browser = browser;
    }

    @Test
    void everybodyComesBackToARoomThatHasLostNothing(@TempDir Path data) {
        var server = start(data, 0);
        var port = server.port();
        try (var people = FourWriters.open(browser, server.uri(), "killed")) {
            people.write(40);
            for (var shown : List.of(40, 90)) {
                people.waitForShown(shown);
                server.kill();
                server = start(data, port);
            }
            people.assertComplete();
            people.assertRecovered();
            server.assertNoErrors();
        } finally {
            server.close();
        }
    }

    private static ServerProcess start(Path data, int port) {
        return ServerProcess.start("--history", "sqlite", "--data", data.toString(), "--port", String.valueOf(port));
    }
}

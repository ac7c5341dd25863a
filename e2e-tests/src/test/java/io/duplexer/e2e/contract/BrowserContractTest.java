package io.duplexer.e2e.contract;

import io.duplexer.e2e.browser.PageLinks;
import io.duplexer.e2e.client.DuplexLink;
import io.duplexer.e2e.support.ServerProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The {@code Chat} call on gRPC over WebSocket, made by a page in Chromium with the transport of this project. */
class BrowserContractTest extends DuplexContract {
    @SuppressWarnings("NullAway.Init") // Set before any test.
    private static PageLinks page;

    @BeforeAll
    static void open() {
        page = new PageLinks(server.uri());
    }

    @AfterAll
    static void quit() {
        page.close();
    }

    @Override
    DuplexLink.Opener link(ServerProcess server) {
        return page::open;
    }
}

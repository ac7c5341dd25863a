package io.duplexer.e2e.support;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A gateway with the page, for the tests of one class, before a {@link SharedServer}. */
public final class SharedGateway implements BeforeAllCallback, AfterAllCallback {
    private final SharedServer upstream;
    private @Nullable ServerProcess process;

    private SharedGateway(SharedServer upstream) {
        this.upstream = upstream;
    }

    public static SharedGateway before(SharedServer upstream) {
        return new SharedGateway(upstream);
    }

    public ServerProcess process() {
        if (process == null) {
            throw new IllegalStateException("asked for before the first test");
        }
        return process;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (process == null) {
            upstream.beforeAll(context);
            process = ServerProcess.start("gateway", "--page", "--upstream", "127.0.0.1:" + upstream.port());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        process().assertNoErrors();
        if (context.getParent()
                .filter(parent -> parent.getTestClass().isPresent())
                .isEmpty()) {
            process().close();
        }
    }
}

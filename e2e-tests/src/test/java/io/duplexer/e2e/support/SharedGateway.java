package io.duplexer.e2e.support;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** A gateway with the page before a {@link SharedServer}, shared as that one is. */
public final class SharedGateway implements BeforeAllCallback, AfterAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(SharedGateway.class);

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
        upstream.beforeAll(context);
        process = context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        upstream.port(),
                        port -> ServerProcess.start("gateway", "--page", "--upstream", "127.0.0.1:" + port),
                        ServerProcess.class);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        process().assertNoErrors();
    }
}

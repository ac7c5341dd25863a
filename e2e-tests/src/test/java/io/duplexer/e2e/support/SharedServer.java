package io.duplexer.e2e.support;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A server that all tests with the same flags share, started by the first of them and ended after the last. It is a
 * static field with {@code @RegisterExtension}: {@code static final SharedServer server = SharedServer.with("--publish-rate",
 * "0");}.
 *
 * <p>Tests keep out of each other's way by rooms of their own, see {@link Names}.
 */
public final class SharedServer implements BeforeAllCallback, AfterAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(SharedServer.class);

    private final List<String> flags;
    private @Nullable ServerProcess process;

    private SharedServer(List<String> flags) {
        this.flags = flags;
    }

    /** A server with these flags, on a port that it picks. */
    public static SharedServer with(String... flags) {
        return new SharedServer(List.of(flags));
    }

    public ServerProcess process() {
        if (process == null) {
            throw new IllegalStateException("asked for before the first test");
        }
        return process;
    }

    /** {@link ServerProcess#uri()}. */
    public URI uri() {
        return process().uri();
    }

    /** {@link ServerProcess#uri(String, String)}. */
    public URI uri(String scheme, String path) {
        return process().uri(scheme, path);
    }

    /** {@link ServerProcess#port()}. */
    public int port() {
        return process().port();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        process = context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        flags, key -> ServerProcess.start(flags.toArray(String[]::new)), ServerProcess.class);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        process().assertNoErrors();
    }
}

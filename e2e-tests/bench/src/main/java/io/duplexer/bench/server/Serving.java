package io.duplexer.bench.server;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** How the servers on Armeria are started. */
final class Serving {
    private Serving() {}

    /** Starts it on the loopback interface and says so. */
    static void start(ServerBuilder builder, int port) {
        Server server = builder.http(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .requestTimeout(Duration.ZERO)
                .maxRequestLength(0)
                .maxNumConnections(Integer.MAX_VALUE)
                .build();
        server.start().join();
        System.out.println("ready " + server.activeLocalPort());
    }
}

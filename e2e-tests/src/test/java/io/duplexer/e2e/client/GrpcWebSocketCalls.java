package io.duplexer.e2e.client;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.grpc.MethodDescriptor;
import java.net.URI;
import java.util.function.Consumer;

/** Calls over gRPC on WebSocket, each on a socket of its own. */
public final class GrpcWebSocketCalls extends CallingClient {
    private final URI server;

    /**
     * A client of the given server.
     *
     * @param server with the scheme {@code ws}
     */
    public GrpcWebSocketCalls(URI server) {
        this.server = server;
    }

    @Override
    <Q extends MessageLite, T extends MessageLite> Call start(
            MethodDescriptor<Q, T> method, Q request, Parser<T> parser, Consumer<T> onMessage) {
        var call = GrpcWebSocketCall.start(server, method, parser, onMessage);
        call.send(request);
        call.halfClose();
        return call;
    }
}

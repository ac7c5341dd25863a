package io.duplexer.app;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerListener;
import com.linecorp.armeria.server.healthcheck.HealthCheckService;
import io.duplexer.bridge.gateway.Gateway;

/** Remote gRPC services on one port: gRPC, gRPC-Web, gRPC over WebSocket, and health. */
final class GatewayServer {
    /** So that streams that are not read cannot hold up the others on the same connection. */
    private static final int STREAM_WINDOW_BYTES = 256 * 1024;

    private static final int CONNECTION_WINDOW_BYTES = 64 * STREAM_WINDOW_BYTES;

    private GatewayServer() {}

    /**
     * Starts a gateway. It does not wait for its upstreams: calls get UNAVAILABLE while they are not there.
     *
     * @throws StartException if the port or a certificate cannot be used
     */
    static RunningServer start(GatewayConfig config) throws StartException {
        var builder = RunningServer.builder(config.port())
                .maxNumConnections(config.maxConnections())
                .http2InitialStreamWindowSize(STREAM_WINDOW_BYTES)
                .http2InitialConnectionWindowSize(CONNECTION_WINDOW_BYTES);
        var upstreams = Upstreams.open(config);
        var gateway = gateway(config, upstreams);
        builder.serverListener(ServerListener.builder()
                .whenStopping(server -> gateway.closeAfter(
                        config.port().gracePeriod().multipliedBy(9).dividedBy(10)))
                .build());
        HttpService rest = (ctx, request) -> HttpResponse.of(HttpStatus.NOT_FOUND);
        builder.serviceUnder(
                "/",
                rest.decorate(delegate -> new GrpcSwitch(gateway, delegate))
                        .decorate(DuplexerServer.grpcWebSocket(config.port(), config.maxMessageBytes())
                                .newDecoratorFunction())
                        .decorate(CrossOrigin.of(config.port())::decorate));
        builder.service("/healthz", HealthCheckService.of());
        return RunningServer.start(builder, config.port(), upstreams::close);
    }

    private static Gateway gateway(GatewayConfig config, Upstreams upstreams) {
        var gateway = Gateway.builder().maxCalls(config.maxCalls()).maxMessageBytes(config.maxMessageBytes());
        config.upstreams().forEach((prefix, servers) -> gateway.route(prefix, upstreams.of(servers)));
        return gateway.build();
    }
}

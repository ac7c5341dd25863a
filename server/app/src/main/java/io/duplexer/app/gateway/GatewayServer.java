package io.duplexer.app.gateway;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.healthcheck.HealthCheckService;
import io.duplexer.app.port.CrossOrigin;
import io.duplexer.app.port.GrpcSwitch;
import io.duplexer.app.port.Metrics;
import io.duplexer.app.port.RunningServer;
import io.duplexer.app.port.StartException;
import io.duplexer.app.port.StaticPage;
import io.duplexer.app.reflection.ReflectedDocumentation;
import io.duplexer.bridge.gateway.Gateway;
import io.duplexer.bridge.gateway.Upstream;
import io.duplexer.bridge.websocket.WebSocketTunnel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Remote gRPC services on one port: gRPC, gRPC-Web, gRPC over WebSocket, health, and the page of a remote chat if asked for. */
public final class GatewayServer {
    private GatewayServer() {}

    /**
     * Starts a gateway. It does not wait for its upstreams: calls get UNAVAILABLE while they are not there.
     *
     * @throws StartException if the port or a certificate cannot be used
     */
    public static RunningServer start(GatewayConfig config) throws StartException {
        var builder = RunningServer.builder(config.port(), new Metrics())
                .maxNumConnections(config.port().maxConnections());
        var upstreams = Upstreams.open(config);
        Map<String, Upstream> byPrefix = new HashMap<>();
        config.upstreams().forEach((prefix, servers) -> byPrefix.put(prefix, upstreams.of(servers)));
        var gateway = gateway(config, byPrefix);
        var documentation = new ReflectedDocumentation(
                GatewayReflection.channels(
                        gateway, byPrefix.values(), config.port().maxMessageBytes()),
                GatewayReflection.through(gateway, config.port().maxMessageBytes()));
        var page = config.page() ? StaticPage.create() : (HttpService) GatewayServer::toDocumentation;
        HttpService rest = (ctx, request) ->
                isJson(request) ? documentation.calls().serve(ctx, request) : page.serve(ctx, request);
        builder.serviceUnder(
                "/",
                rest.decorate(delegate -> new GrpcSwitch(gateway, delegate))
                        .decorate(config.port().grpcWebSockets().newDecoratorFunction())
                        .decorate(CrossOrigin.of(config.port())::decorate));
        var socket = WebSocketTunnel.to(gateway::forward, page, config.port().origins());
        if (config.page() && byPrefix.containsKey(GatewayConfig.ALL)) {
            builder.service("/", socket);
            builder.service("/ws", socket);
        }
        builder.serviceUnder("/docs", documentation.pages());
        builder.service("/healthz", HealthCheckService.of());
        return RunningServer.start(
                builder,
                config.port(),
                () -> {
                    socket.goAway();
                    gateway.closeAfter(inTime(config.port().gracePeriod()));
                },
                upstreams::close);
    }

    /** What the forms of the documentation send. */
    private static boolean isJson(HttpRequest request) {
        var contentType = request.contentType();
        return request.method() == HttpMethod.POST && contentType != null && contentType.isJson();
    }

    private static HttpResponse toDocumentation(ServiceRequestContext ctx, HttpRequest request) {
        return ctx.path().equals("/") ? HttpResponse.ofRedirect("/docs/") : HttpResponse.of(HttpStatus.NOT_FOUND);
    }

    /** A little before the connections are cut. */
    private static Duration inTime(Duration gracePeriod) {
        return gracePeriod.multipliedBy(9).dividedBy(10);
    }

    private static Gateway gateway(GatewayConfig config, Map<String, Upstream> byPrefix) {
        var gateway = Gateway.builder()
                .maxCalls(config.maxCalls())
                .maxMessageBytes(config.port().maxMessageBytes());
        byPrefix.forEach(gateway::route);
        return gateway.build();
    }
}

package io.duplexer.app.port;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.cors.CorsService;
import io.duplexer.bridge.websocket.OriginPolicy;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which pages may make gRPC-Web calls: those of the server's own origin, and those of the allowed origins, to which CORS
 * is spoken (Fetch Standard, section 3.3). The calls of other pages are refused with 403.
 */
public final class CrossOrigin {
    /** Headers that every response may carry; scripts of other origins see only what is listed. */
    private static final List<String> EXPOSED = List.of("grpc-status", "grpc-message", "grpc-status-details-bin");

    private final List<String> allowed;
    private final OriginPolicy policy;

    private CrossOrigin(List<String> allowed, OriginPolicy policy) {
        this.allowed = allowed;
        this.policy = policy;
    }

    public static CrossOrigin of(PortConfig port) {
        return new CrossOrigin(port.allowedOrigins(), port.origins());
    }

    public HttpService decorate(HttpService delegate) {
        var cors = allowed.isEmpty()
                ? delegate
                : cors(delegate)
                        .decorate((service, ctx, req) ->
                                service.serve(ctx, req).mapHeaders(headers -> exposeAll(ctx, headers)));
        return cors.decorate(
                (service, ctx, req) -> policy.allows(ctx, req.headers().get(HttpHeaderNames.ORIGIN))
                        ? service.serve(ctx, req)
                        : HttpResponse.of(
                                HttpStatus.FORBIDDEN,
                                MediaType.PLAIN_TEXT_UTF_8,
                                "origin: not allowed (expected: a page of this server, or an origin of --allowed-origin)"));
    }

    private HttpService cors(HttpService delegate) {
        return (allowed.contains("*") ? CorsService.builderForAnyOrigin() : CorsService.builder(this::isAllowed))
                .allowRequestMethods(HttpMethod.POST)
                .allowAllRequestHeaders(true)
                .exposeHeaders(EXPOSED.toArray(String[]::new))
                .maxAge(7_200)
                .newDecorator()
                .apply(delegate);
    }

    /** Not by its text: {@code https://app.example:443} is the origin that browsers call {@code https://app.example}. */
    private boolean isAllowed(String origin) {
        return policy.allows(ServiceRequestContext.current(), origin);
    }

    /** Lists the headers that this response really has besides the usual ones, where CORS is spoken. */
    private static ResponseHeaders exposeAll(ServiceRequestContext ctx, ResponseHeaders headers) {
        var added = ctx.additionalResponseHeaders();
        if (added.contains(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN)
                && !added.contains(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS)) {
            var names = Stream.concat(EXPOSED.stream(), headers.names().stream().map(Object::toString))
                    .filter(name -> !name.startsWith(":"))
                    .distinct()
                    .collect(Collectors.joining(","));
            ctx.setAdditionalResponseHeader(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, names);
        }
        return headers;
    }
}

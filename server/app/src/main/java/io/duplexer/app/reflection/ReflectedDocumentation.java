package io.duplexer.app.reflection;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.docs.DocService;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.grpc.Channel;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Documentation of what remote servers tell about themselves by reflection, with forms for their unary calls. It is made
 * when somebody opens it, and made anew when somebody does so again a while later.
 */
public final class ReflectedDocumentation {
    private static final Logger logger = LoggerFactory.getLogger(ReflectedDocumentation.class);
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final Map<Channel, Predicate<String>> servers;
    private final Channel calls;
    private @Nullable Snapshot newest;

    /**
     * Documentation that nobody has opened yet.
     *
     * @param servers each with the names of the services that calls go to it for
     * @param calls whom the forms call, whatever the service
     */
    public ReflectedDocumentation(Map<Channel, Predicate<String>> servers, Channel calls) {
        this.servers = Map.copyOf(servers);
        this.calls = calls;
    }

    /** What was found at one time; null where nothing was. */
    private record Snapshot(
            long nanos,
            @Nullable HttpService pages,
            @Nullable HttpService calls) {
        boolean isFresh() {
            return System.nanoTime() - nanos < FRESH.toNanos();
        }
    }

    /** The pages. */
    public HttpService pages() {
        return (ctx, request) -> serve(ctx, request, true);
    }

    /** The calls that the forms make: POST with JSON at the paths of the methods. */
    public HttpService calls() {
        return (ctx, request) -> serve(ctx, request, false);
    }

    private HttpResponse serve(ServiceRequestContext ctx, HttpRequest request, boolean pages) {
        return HttpResponse.of(CompletableFuture.supplyAsync(
                        this::current, ctx.blockingTaskExecutor().withoutContext())
                .thenApplyAsync(found -> serve(ctx, request, pages ? found.pages() : found.calls()), ctx.eventLoop()));
    }

    private static HttpResponse serve(ServiceRequestContext ctx, HttpRequest request, @Nullable HttpService service) {
        if (service == null) {
            return HttpResponse.of(
                    HttpStatus.NOT_FOUND,
                    MediaType.PLAIN_TEXT_UTF_8,
                    "docs: no upstream tells about its services (expected: one with gRPC server reflection); calls reach them all the same");
        }
        try {
            return service.serve(ctx, request);
        } catch (Exception e) {
            return HttpResponse.ofFailure(e);
        }
    }

    private synchronized Snapshot current() {
        if (newest == null || !newest.isFresh()) {
            newest = read();
        }
        return newest;
    }

    private Snapshot read() {
        var services = new ArrayList<ServerServiceDefinition>();
        servers.forEach((channel, isServedThere) -> {
            try {
                for (var service : ReflectionClient.services(channel)) {
                    if (isServedThere.test(service.getFullName())) {
                        services.add(ForwardedService.of(service, calls));
                    }
                }
            } catch (StatusRuntimeException e) {
                logger.debug("no reflection", e);
            }
        });
        return services.isEmpty() ? new Snapshot(System.nanoTime(), null, null) : snapshot(services);
    }

    /** The documentation wants to belong to a server with the services; that one is never started. */
    private static Snapshot snapshot(List<ServerServiceDefinition> services) {
        var calls = GrpcService.builder()
                .addServiceDefinitions(services)
                .supportedSerializationFormats(GrpcSerializationFormats.JSON)
                .jsonMarshallerFactory(service -> new JsonMessages())
                .useMethodMarshaller(true)
                .enableUnframedRequests(true)
                .build();
        var pages = new DocService();
        Server.builder()
                .meterRegistry(NoopMeterRegistry.get())
                .service(calls)
                .serviceUnder("/docs", pages)
                .build();
        return new Snapshot(System.nanoTime(), pages, calls);
    }
}

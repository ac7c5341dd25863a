package io.duplexer.app.server;

import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ResponseCompleteException;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.server.grpc.GrpcHealthCheckService;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.healthcheck.ListenableHealthChecker;
import io.duplexer.bridge.grpc.StrictGrpc;
import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gRPC service as this server offers it: gRPC and gRPC-Web, reflection, health. */
final class GrpcEndpoint {
    private static final Logger logger = LoggerFactory.getLogger(GrpcEndpoint.class);

    private GrpcEndpoint() {}

    /**
     * Serves {@code service} under its own name and under {@code alias}.
     *
     * @param alias a path, such as {@code /ChatService} for the clients of a proto file without a package
     * @param maxMessageBytes of one message; a longer one is answered with RESOURCE_EXHAUSTED
     * @param health of the server, which the standard health service reports for it and for both names
     */
    static GrpcService create(
            BindableService service, String alias, int maxMessageBytes, ListenableHealthChecker health) {
        var name = service.bindService().getServiceDescriptor().getName();
        return GrpcService.builder()
                .addService(service)
                .addService(alias, service)
                .addService(ProtoReflectionServiceV1.newInstance())
                .addService(GrpcHealthCheckService.builder()
                        .checkers(health)
                        .serviceCheckers(name, health)
                        .serviceCheckers(alias.substring(1), health)
                        .build())
                .supportedSerializationFormats(GrpcSerializationFormats.values())
                // The documentation page calls with JSON.
                .enableUnframedRequests(true)
                .maxRequestMessageLength(maxMessageBytes)
                .intercept(StrictGrpc.interceptor())
                .exceptionHandler(StrictGrpc.exceptionHandler()
                        .orElse((ctx, status, cause, metadata) -> status(status, cause, maxMessageBytes)))
                .build();
    }

    /** Armeria's deframer begins what it says with the name of its class. */
    private static boolean isOfTheDeframer(Status status) {
        var description = status.getDescription();
        return description != null && description.startsWith("com.linecorp.armeria.");
    }

    private static Status status(Status status, Throwable cause, int maxMessageBytes) {
        if (isOfTheDeframer(status)) {
            return status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                    ? status.withDescription("message: too long (expected: at most " + maxMessageBytes + " bytes)")
                    : status.withDescription("request: not a sequence of gRPC frames");
        }
        if (cause instanceof ClosedStreamException
                || cause instanceof ClosedSessionException
                || cause instanceof ResponseCompleteException
                || cause instanceof IOException) {
            return Status.CANCELLED.withDescription("the call is over");
        }
        if (status.getCode() == Status.Code.UNKNOWN) {
            logger.error("a call failed", cause);
            return Status.INTERNAL.withDescription("internal error");
        }
        return status;
    }
}

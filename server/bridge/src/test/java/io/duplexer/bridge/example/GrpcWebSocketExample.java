package io.duplexer.bridge.example;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.duplexer.bridge.grpc.GrpcWebSocket;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;

/** Any gRPC service, for any browser: what a server adds is the one decorator. */
public final class GrpcWebSocketExample {
    private GrpcWebSocketExample() {}

    /** Serves gRPC, gRPC-Web and gRPC over WebSocket on one port: the first argument, or 8080. */
    public static void main(String[] args) {
        int port = args.length == 0 ? 8080 : Integer.parseInt(args[0]);
        Server server = server(port);
        server.start().join();
        server.closeOnJvmShutdown().join();
    }

    static Server server(int port) {
        return Server.builder()
                .http(port)
                .service(GrpcService.builder().addService(new AlwaysHealthy()).build(), GrpcWebSocket.newDecorator())
                .build();
    }

    /** Stands for a service of your own. */
    private static final class AlwaysHealthy extends HealthGrpc.HealthImplBase {
        @Override
        public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
            observer.onNext(HealthCheckResponse.newBuilder()
                    .setStatus(HealthCheckResponse.ServingStatus.SERVING)
                    .build());
            observer.onCompleted();
        }
    }
}

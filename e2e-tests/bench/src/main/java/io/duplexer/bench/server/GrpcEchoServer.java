package io.duplexer.bench.server;

import com.google.protobuf.BytesValue;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.grpc.GrpcServiceBuilder;
import io.duplexer.bridge.grpc.GrpcWebSocket;
import io.duplexer.bridge.grpc.StrictGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;

/**
 * Echoes {@code google.protobuf.BytesValue}, in unary calls and in streams, on all three transports; with the argument
 * {@value #BARE}, on Armeria's two as Armeria has them.
 */
public final class GrpcEchoServer {
    public static final String BARE = "bare";

    private static final String SERVICE = "bench.Echo";

    private GrpcEchoServer() {}

    public static void main(String[] args) {
        GrpcServiceBuilder service = GrpcService.builder()
                .addService(ServerServiceDefinition.builder(SERVICE)
                        .addMethod(method("Unary", MethodType.UNARY), ServerCalls.asyncUnaryCall(GrpcEchoServer::unary))
                        .addMethod(
                                method("Chat", MethodType.BIDI_STREAMING),
                                ServerCalls.asyncBidiStreamingCall(GrpcEchoServer::chat))
                        .build())
                .supportedSerializationFormats(GrpcSerializationFormats.PROTO, GrpcSerializationFormats.PROTO_WEB);
        Serving.start(List.of(args).contains(BARE) ? Server.builder().service(service.build()) : strict(service), 0);
    }

    private static ServerBuilder strict(GrpcServiceBuilder service) {
        GrpcService strict = service.intercept(StrictGrpc.interceptor())
                .exceptionHandler(StrictGrpc.exceptionHandler())
                .build();
        return Server.builder().service(strict, StrictGrpc.newDecorator(), GrpcWebSocket.newDecorator());
    }

    private static MethodDescriptor<BytesValue, BytesValue> method(String name, MethodType type) {
        return MethodDescriptor.<BytesValue, BytesValue>newBuilder()
                .setType(type)
                .setFullMethodName(SERVICE + "/" + name)
                .setRequestMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
                .setResponseMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
                .build();
    }

    private static void unary(BytesValue request, StreamObserver<BytesValue> responses) {
        responses.onNext(request);
        responses.onCompleted();
    }

    private static StreamObserver<BytesValue> chat(StreamObserver<BytesValue> responses) {
        return new StreamObserver<>() {
            @Override
            public void onNext(BytesValue message) {
                responses.onNext(message);
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {
                responses.onCompleted();
            }
        };
    }
}

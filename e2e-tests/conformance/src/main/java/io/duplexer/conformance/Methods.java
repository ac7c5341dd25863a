package io.duplexer.conformance;

import io.duplexer.conformance.v1.BidiStreamRequest;
import io.duplexer.conformance.v1.BidiStreamResponse;
import io.duplexer.conformance.v1.ClientStreamRequest;
import io.duplexer.conformance.v1.ClientStreamResponse;
import io.duplexer.conformance.v1.ConformanceServiceGrpc;
import io.duplexer.conformance.v1.IdempotentUnaryRequest;
import io.duplexer.conformance.v1.IdempotentUnaryResponse;
import io.duplexer.conformance.v1.ServerStreamRequest;
import io.duplexer.conformance.v1.ServerStreamResponse;
import io.duplexer.conformance.v1.UnaryRequest;
import io.duplexer.conformance.v1.UnaryResponse;
import io.grpc.ServerServiceDefinition;

/** The suite's service, but for the method that nobody is to implement. */
final class Methods {
    private Methods() {}

    static ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(ConformanceServiceGrpc.getServiceDescriptor())
                .addMethod(new Method<>(
                                ConformanceServiceGrpc.getUnaryMethod(),
                                UnaryRequest.getDefaultInstance(),
                                request -> Definition.of(request.getResponseDefinition()),
                                request -> false,
                                payload -> UnaryResponse.newBuilder()
                                        .setPayload(payload)
                                        .build())
                        .serve())
                .addMethod(new Method<>(
                                ConformanceServiceGrpc.getIdempotentUnaryMethod(),
                                IdempotentUnaryRequest.getDefaultInstance(),
                                request -> Definition.of(request.getResponseDefinition()),
                                request -> false,
                                payload -> IdempotentUnaryResponse.newBuilder()
                                        .setPayload(payload)
                                        .build())
                        .serve())
                .addMethod(new Method<>(
                                ConformanceServiceGrpc.getClientStreamMethod(),
                                ClientStreamRequest.getDefaultInstance(),
                                request -> Definition.of(request.getResponseDefinition()),
                                request -> false,
                                payload -> ClientStreamResponse.newBuilder()
                                        .setPayload(payload)
                                        .build())
                        .serve())
                .addMethod(new Method<>(
                                ConformanceServiceGrpc.getServerStreamMethod(),
                                ServerStreamRequest.getDefaultInstance(),
                                request -> Definition.of(request.getResponseDefinition()),
                                request -> false,
                                payload -> ServerStreamResponse.newBuilder()
                                        .setPayload(payload)
                                        .build())
                        .serve())
                .addMethod(new Method<>(
                                ConformanceServiceGrpc.getBidiStreamMethod(),
                                BidiStreamRequest.getDefaultInstance(),
                                request -> Definition.of(request.getResponseDefinition()),
                                BidiStreamRequest::getFullDuplex,
                                payload -> BidiStreamResponse.newBuilder()
                                        .setPayload(payload)
                                        .build())
                        .serve())
                .build();
    }
}

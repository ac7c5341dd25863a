package io.duplexer.conformance;

import com.google.protobuf.Message;
import io.duplexer.conformance.v1.ConformancePayload;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What one method's messages have of what all methods' have.
 *
 * @param noRequest stands for the first request of a call that has none
 */
record Method<Q extends Message, A>(
        MethodDescriptor<Q, A> descriptor,
        Q noRequest,
        Function<Q, Definition> definition,
        Predicate<Q> fullDuplex,
        Function<ConformancePayload, A> response) {
    ServerMethodDefinition<Q, A> serve() {
        return ServerMethodDefinition.create(descriptor, this::start);
    }

    private ServerCall.Listener<Q> start(ServerCall<Q, A> call, Metadata headers) {
        call.request(1);
        return new Conversation<>(this, call, headers);
    }
}

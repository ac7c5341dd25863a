package io.duplexer.conformance;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.duplexer.conformance.v1.ConformancePayload;
import io.duplexer.conformance.v1.ConformancePayload.RequestInfo;
import io.duplexer.conformance.v1.Error;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.concurrent.TimeUnit;

/**
 * One call: it answers as its first request defines, and tells what it was sent. A full-duplex call is answered request by
 * request, any other when all requests are there. Runs on a thread that may sleep.
 */
final class Conversation<Q extends Message, A> extends ServerCall.Listener<Q> {
    private final Method<Q, A> method;
    private final ServerCall<Q, A> call;
    /** What the next response tells. */
    private RequestInfo.Builder info;

    private Definition definition;
    private boolean defined;
    private boolean fullDuplex;
    private int sent;
    private boolean closed;

    Conversation(Method<Q, A> method, ServerCall<Q, A> call, Metadata headers) {
        this.method = method;
        this.call = call;
        definition = method.definition().apply(method.noRequest());
        info = RequestInfo.newBuilder().addAllRequestHeaders(Headers.of(headers));
        var context = ServiceRequestContext.current();
        if (context.requestTimeoutMillis() > 0) {
            var elapsed = System.nanoTime() - context.log().partial().requestStartTimeNanos();
            info.setTimeoutMs(context.requestTimeoutMillis() - TimeUnit.NANOSECONDS.toMillis(elapsed));
        }
    }

    @Override
    public void onMessage(Q request) {
        if (closed) {
            return;
        }
        info.addRequests(Any.pack(request));
        if (!defined) {
            defined = true;
            definition = method.definition().apply(request);
            fullDuplex = method.fullDuplex().test(request);
            if (fullDuplex) {
                sendHeaders();
            }
        }
        if (fullDuplex) {
            if (sent < definition.data().size()) {
                sendNext();
            } else {
                close();
            }
        }
        call.request(1);
    }

    @Override
    public void onHalfClose() {
        if (closed) {
            return;
        }
        if (!fullDuplex) {
            sendHeaders();
        }
        while (sent < definition.data().size() && !call.isCancelled()) {
            sendNext();
        }
        close();
    }

    @Override
    public void onCancel() {
        closed = true;
    }

    private void sendHeaders() {
        call.sendHeaders(Headers.toMetadata(definition.headers()));
    }

    private void sendNext() {
        sleep(definition.delayMillis());
        var payload = ConformancePayload.newBuilder().setData(definition.data().get(sent));
        if (sent == 0 || info.getRequestsCount() > 0) {
            payload.setRequestInfo(info);
        }
        info = RequestInfo.newBuilder();
        sent++;
        call.sendMessage(method.response().apply(payload.build()));
    }

    private void close() {
        closed = true;
        var trailers = Headers.toMetadata(definition.trailers());
        var error = definition.error();
        if (error == null) {
            call.close(Status.OK, trailers);
        } else {
            var failure = StatusProto.toStatusRuntimeException(statusOf(error));
            if (failure.getTrailers() != null) {
                trailers.merge(failure.getTrailers());
            }
            call.close(failure.getStatus(), trailers);
        }
    }

    private com.google.rpc.Status statusOf(Error error) {
        var status = com.google.rpc.Status.newBuilder()
                .setCode(error.getCode())
                .setMessage(error.getMessage())
                .addAllDetails(error.getDetailsList());
        if (sent == 0) {
            status.addDetails(Any.pack(info.build()));
        }
        return status.build();
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Status.UNAVAILABLE.withDescription("the server stops").asRuntimeException();
        }
    }
}

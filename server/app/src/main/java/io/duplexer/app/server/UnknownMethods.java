package io.duplexer.app.server;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;

/**
 * Answers gRPC and gRPC-Web calls of methods that are not here with UNIMPLEMENTED, as a response without a body
 * ("Trailers-Only", PROTOCOL-HTTP2).
 */
final class UnknownMethods implements HttpService {
    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
        return HttpResponse.of(ResponseHeaders.builder(HttpStatus.OK)
                .endOfStream(true)
                .set(HttpHeaderNames.CONTENT_TYPE, request.headers().get(HttpHeaderNames.CONTENT_TYPE, ""))
                .setInt("grpc-status", Status.Code.UNIMPLEMENTED.value())
                .set("grpc-message", "Method not found")
                .build());
    }
}

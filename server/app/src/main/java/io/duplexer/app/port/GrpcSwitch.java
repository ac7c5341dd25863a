package io.duplexer.app.port;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;

/** Sends calls of gRPC and gRPC-Web one way, and everything else the other. */
public final class GrpcSwitch extends SimpleDecoratingHttpService {
    private final HttpService calls;

    public GrpcSwitch(HttpService calls, HttpService everythingElse) {
        super(everythingElse);
        this.calls = calls;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
        var contentType = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
        return (contentType.startsWith("application/grpc") ? calls : unwrap()).serve(ctx, request);
    }
}

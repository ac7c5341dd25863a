package io.duplexer.app.port;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ServerCacheControl;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.encoding.EncodingService;
import com.linecorp.armeria.server.file.FileService;

/**
 * The page, out of the jar. Files under {@code /assets/} have the hash of their content in their names and are cached
 * for good; all else is asked for anew each time.
 */
public final class StaticPage {
    /** Only what comes from here, and nothing inline; {@code self} covers WebSockets to the same host and port. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'";

    private StaticPage() {}

    public static HttpService create() {
        return FileService.of(StaticPage.class.getClassLoader(), "static")
                .decorate(EncodingService.newDecorator())
                .decorate((service, ctx, request) ->
                        service.serve(ctx, request).mapHeaders(headers -> withPolicies(ctx, headers)));
    }

    private static ResponseHeaders withPolicies(ServiceRequestContext ctx, ResponseHeaders headers) {
        var cacheable = ctx.path().startsWith("/assets/") && !headers.status().isError();
        return headers.toBuilder()
                .set(
                        HttpHeaderNames.CACHE_CONTROL,
                        cacheable
                                ? "public, max-age=31536000, immutable"
                                : ServerCacheControl.REVALIDATED.asHeaderValue())
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)
                .set(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
                .set("referrer-policy", "no-referrer")
                .build();
    }
}

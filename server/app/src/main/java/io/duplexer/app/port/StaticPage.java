package io.duplexer.app.port;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ServerCacheControl;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.file.FileService;
import java.util.regex.Pattern;

/**
 * The page, out of the jar. Files under {@code /assets/} have the hash of their content in their names and are cached
 * for good; all else is asked for anew each time. The build puts a compressed copy beside each file, so that none is
 * compressed for a request, and what was read once is kept in memory.
 */
public final class StaticPage {
    /** Only what comes from here, and nothing inline; {@code self} covers WebSockets to the same host and port. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'";

    /** With the weight zero, in any of its spellings (RFC 9110, section 12.4.2). */
    private static final Pattern GZIP_REFUSED = Pattern.compile("gzip\\s*;\\s*q=0(\\.0*)?\\s*(,|$)", CASE_INSENSITIVE);

    private StaticPage() {}

    public static HttpService create() {
        return FileService.builder(StaticPage.class.getClassLoader(), "static")
                .serveCompressedFiles(true)
                .build()
                .decorate((service, ctx, request) -> service.serve(ctx, plainIfGzipIsRefused(request))
                        .mapHeaders(headers -> withPolicies(ctx, headers)));
    }

    /** The file service takes any mention of gzip for a wish. */
    private static HttpRequest plainIfGzipIsRefused(HttpRequest request) {
        var encodings = request.headers().get(HttpHeaderNames.ACCEPT_ENCODING, "");
        return GZIP_REFUSED.matcher(encodings).find()
                ? request.mapHeaders(headers -> headers.toBuilder()
                        .removeAndThen(HttpHeaderNames.ACCEPT_ENCODING)
                        .build())
                : request;
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
                .set(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING.toString())
                .build();
    }
}

package io.duplexer.bridge.grpc;

import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Status;
import io.netty.util.AsciiString;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The decorator of {@link StrictGrpc}. */
final class StrictGrpcService extends SimpleDecoratingHttpService {
    static final AsciiString GRPC_ENCODING = AsciiString.cached("grpc-encoding");
    static final AsciiString GRPC_ACCEPT_ENCODING = AsciiString.cached("grpc-accept-encoding");
    private static final AsciiString GRPC_TIMEOUT = AsciiString.cached("grpc-timeout");
    private static final Pattern NO_TIME = Pattern.compile("0{1,8}[HMSmun]");

    private final GrpcService service;
    private final long maxRequestBytes;
    private final DecompressorRegistry decompressors;
    /** As a header has it. */
    private final String encodings;

    StrictGrpcService(HttpService delegate, long maxRequestBytes, DecompressorRegistry decompressors) {
        super(delegate);
        this.maxRequestBytes = maxRequestBytes;
        this.decompressors = decompressors;
        encodings = String.join(",", decompressors.getAdvertisedMessageEncodings());
        var grpc = delegate.as(GrpcService.class);
        if (grpc == null) {
            throw new IllegalArgumentException("delegate: " + delegate + " (expected: a GrpcService)");
        }
        service = grpc;
    }

    @Override
    public ExchangeType exchangeType(RoutingContext routing) {
        return switch (super.exchangeType(routing)) {
            // Armeria reads the request as a whole before it calls the service, which so could not bound it.
            case UNARY -> isShort(routing.headers()) ? ExchangeType.UNARY : ExchangeType.REQUEST_STREAMING;
            // What is sent before the last message must not wait for it.
            case RESPONSE_STREAMING, REQUEST_STREAMING, BIDI_STREAMING -> ExchangeType.BIDI_STREAMING;
        };
    }

    private boolean isShort(RequestHeaders headers) {
        var length = headers.contentLength();
        return length >= 0 && length <= maxRequestBytes;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
        var oneMessage = takesOneMessage(ctx);
        if (oneMessage && !isBounded(ctx.maxRequestLength())) {
            ctx.setMaxRequestLength(maxRequestBytes);
        }
        var contentType = request.contentType();
        var format = contentType == null ? null : formatOf(contentType);
        if (format == null) {
            return unwrap().serve(ctx, request);
        }
        var answer = new AnswerHeaders(format, encodings);
        var encoding = request.headers().get(GRPC_ENCODING);
        if (encoding != null && !isKnown(encoding)) {
            return HttpResponse.of(answer.trailersOnly(Status.UNIMPLEMENTED.withDescription(
                    "grpc-encoding: " + encoding + " (expected: identity, or one of grpc-accept-encoding)")));
        }
        var timeout = request.headers().get(GRPC_TIMEOUT);
        if (timeout != null && NO_TIME.matcher(timeout).matches()) {
            return HttpResponse.of(answer.trailersOnly(
                    Status.DEADLINE_EXCEEDED.withDescription("the deadline of the call has passed")));
        }
        var sent = SentHeaders.install(ctx);
        var checked = new CheckedRequest(request, oneMessage, isText(format));
        return new HeadersFirstResponse(unwrap().serve(ctx, checked), sent, checked, answer);
    }

    /** Identity always is, as it is for Armeria, whether or not the registry has it. */
    private boolean isKnown(String encoding) {
        return encoding.equals(Codec.Identity.NONE.getMessageEncoding())
                || decompressors.lookupDecompressor(encoding) != null;
    }

    private boolean takesOneMessage(ServiceRequestContext ctx) {
        var method = service.methodDefinition(ctx);
        return method != null && method.getMethodDescriptor().getType().clientSendsOneMessage();
    }

    /** Zero is no limit. */
    private boolean isBounded(long length) {
        return length > 0 && length <= maxRequestBytes;
    }

    /** The format in which Armeria answers this content type; null if it does not, or not as gRPC. */
    private @Nullable MediaType formatOf(MediaType contentType) {
        for (var format : service.supportedSerializationFormats()) {
            if (format.isAccepted(contentType)) {
                return format.mediaType();
            }
        }
        return null;
    }

    static boolean isText(MediaType format) {
        return GrpcSerializationFormats.PROTO_WEB_TEXT.mediaType().equals(format);
    }
}

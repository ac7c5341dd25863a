package io.duplexer.bridge.grpc;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpHeadersBuilder;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/**
 * Response headers and trailers as Armeria would write them, apart from each other.
 *
 * @param format of Armeria's answer
 * @param encodings that the service announces, as the value of a header; may be empty
 */
record AnswerHeaders(MediaType format, String encodings) {
    private static final Set<String> OF_HEADERS_ONLY =
            Set.of("content-type", "content-length", "grpc-encoding", "grpc-accept-encoding");

    /** The headers of a handler. The messages behind them are compressed only if the handler has chosen how. */
    ResponseHeaders headers(SentHeaders.Sent sent, RequestHeaders request) {
        var encoding = "identity";
        var accepted = request.get(StrictGrpcService.GRPC_ACCEPT_ENCODING, "");
        if (sent.compressor() == null) {
            sent.call().setMessageCompression(false);
        } else if (Arrays.asList(accepted.split(" *, *", -1)).contains(sent.compressor())) {
            encoding = sent.compressor();
        }
        var headers = builder().add(StrictGrpcService.GRPC_ENCODING, encoding);
        for (var name : sent.metadata().keys()) {
            if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                add(headers, name, sent.metadata());
            } else {
                var values = sent.metadata().getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
                headers.add(name, values == null ? Set.of() : values);
            }
        }
        return headers.build();
    }

    private ResponseHeadersBuilder builder() {
        var headers = ResponseHeaders.builder(HttpStatus.OK).contentType(format);
        return encodings.isEmpty() ? headers : headers.add(StrictGrpcService.GRPC_ACCEPT_ENCODING, encodings);
    }

    private static void add(HttpHeadersBuilder headers, String name, Metadata metadata) {
        var values = metadata.getAll(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER));
        if (values != null) {
            var encoder = Base64.getEncoder().withoutPadding();
            values.forEach(value -> headers.add(name, encoder.encodeToString(value)));
        }
    }

    /** A response without a body ("Trailers-Only", PROTOCOL-HTTP2). */
    ResponseHeaders trailersOnly(Status status) {
        return builder()
                .endOfStream(true)
                .setInt(CallHeaders.GRPC_STATUS, status.getCode().value())
                .set(CallHeaders.GRPC_MESSAGE, PercentEncoding.encode(String.valueOf(status.getDescription())))
                .build();
    }

    /**
     * What a response without a body ("Trailers-Only") is as trailers, the headers being out already.
     *
     * @param merged headers that Armeria has put among the trailers, as it does in unary calls
     */
    HttpObject trailers(ResponseHeaders only, HttpHeaders merged) {
        var trailers = HttpHeaders.builder().endOfStream(true);
        for (var name : only.names()) {
            if (!name.startsWith(":") && !OF_HEADERS_ONLY.contains(name.toString())) {
                var values = new ArrayList<>(only.getAll(name));
                merged.getAll(name).forEach(values::remove);
                trailers.add(name, values);
            }
        }
        if (!isWeb()) {
            return trailers.build();
        }
        var block = HeaderBlock.write(trailers.build().stream()
                .map(header -> Map.entry(header.getKey().toString(), header.getValue()))
                .toList());
        return HttpData.wrap(
                        StrictGrpcService.isText(format) ? Base64.getEncoder().encode(block) : block)
                .withEndOfStream();
    }

    private boolean isWeb() {
        return GrpcSerializationFormats.values().stream()
                .anyMatch(known -> GrpcSerializationFormats.isGrpcWeb(known)
                        && known.mediaType().equals(format));
    }
}

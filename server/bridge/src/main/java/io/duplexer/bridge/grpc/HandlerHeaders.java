package io.duplexer.bridge.grpc;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpHeadersBuilder;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/** Response headers and trailers as Armeria would write them, apart from each other. */
final class HandlerHeaders {
    private static final Set<String> OF_HEADERS_ONLY =
            Set.of("content-type", "content-length", "grpc-encoding", "grpc-accept-encoding");

    private HandlerHeaders() {}

    /** The headers of a handler. The messages behind them are compressed only if the handler has chosen how. */
    static ResponseHeaders of(SentHeaders.Sent sent, RequestHeaders request, MediaType format) {
        var encoding = "identity";
        var accepted = request.get(StrictGrpcService.GRPC_ACCEPT_ENCODING, "");
        if (sent.compressor() == null) {
            sent.call().setMessageCompression(false);
        } else if (Arrays.asList(accepted.split(" *, *", -1)).contains(sent.compressor())) {
            encoding = sent.compressor();
        }
        var headers = ResponseHeaders.builder(HttpStatus.OK)
                .contentType(format)
                .add(StrictGrpcService.GRPC_ENCODING, encoding)
                .add(StrictGrpcService.GRPC_ACCEPT_ENCODING, StrictGrpcService.ENCODINGS);
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

    private static void add(HttpHeadersBuilder headers, String name, Metadata metadata) {
        var values = metadata.getAll(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER));
        if (values != null) {
            var encoder = Base64.getEncoder().withoutPadding();
            values.forEach(value -> headers.add(name, encoder.encodeToString(value)));
        }
    }

    /**
     * What a response without a body ("Trailers-Only") is as trailers, the headers being out already.
     *
     * @param merged headers that Armeria has put among the trailers, as it does in unary calls
     */
    static HttpObject trailers(ResponseHeaders only, HttpHeaders merged, MediaType format) {
        var trailers = HttpHeaders.builder().endOfStream(true);
        for (var name : only.names()) {
            if (!name.startsWith(":") && !OF_HEADERS_ONLY.contains(name.toString())) {
                var values = new ArrayList<>(only.getAll(name));
                merged.getAll(name).forEach(values::remove);
                trailers.add(name, values);
            }
        }
        if (!isWeb(format)) {
            return trailers.build();
        }
        var block = HeaderBlock.write(trailers.build().stream()
                .map(header -> Map.entry(header.getKey().toString(), header.getValue()))
                .toList());
        return HttpData.wrap(
                        StrictGrpcService.isText(format) ? Base64.getEncoder().encode(block) : block)
                .withEndOfStream();
    }

    private static boolean isWeb(MediaType format) {
        return GrpcSerializationFormats.values().stream()
                .anyMatch(known -> GrpcSerializationFormats.isGrpcWeb(known)
                        && known.mediaType().equals(format));
    }
}

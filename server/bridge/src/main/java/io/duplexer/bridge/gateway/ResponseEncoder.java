package io.duplexer.bridge.gateway;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import io.duplexer.bridge.gateway.GrpcMediaType.Form;
import io.duplexer.bridge.grpc.HeaderBlock;
import io.duplexer.bridge.grpc.PercentEncoding;
import io.netty.util.AsciiString;
import java.util.Base64;
import java.util.Map;

/**
 * Writes the parts of a response in the form that the client speaks. Pure.
 *
 * @param mediaType of the response
 */
record ResponseEncoder(GrpcMediaType mediaType) {
    static final AsciiString GRPC_STATUS = HttpHeaderNames.of("grpc-status");
    static final AsciiString GRPC_MESSAGE = HttpHeaderNames.of("grpc-message");

    /** A response that is over with its headers ("Trailers-Only"), of which gRPC-Web has no form of its own. */
    ResponseHeaders trailersOnly(Failure failure) {
        return ResponseHeaders.builder(HttpStatus.OK)
                .endOfStream(true)
                .set(HttpHeaderNames.CONTENT_TYPE, mediaType.value())
                .setInt(GRPC_STATUS, failure.status())
                .set(GRPC_MESSAGE, PercentEncoding.encode(failure.message()))
                .build();
    }

    ResponseHeaders headers(ResponseHeaders original) {
        return ForwardedHeaders.response(original, mediaType);
    }

    /** Each piece of text is padded: it would keep the end of a message back otherwise. */
    HttpData data(HttpData frames) {
        if (mediaType.form() != Form.WEB_TEXT) {
            return frames.isEndOfStream() ? frames.withEndOfStream(false) : frames;
        }
        try (frames) {
            return HttpData.wrap(Base64.getEncoder().encode(frames.array()));
        }
    }

    HttpObject trailers(Failure failure) {
        return trailers(HttpHeaders.of(
                GRPC_STATUS,
                String.valueOf(failure.status()),
                GRPC_MESSAGE,
                PercentEncoding.encode(failure.message())));
    }

    /** As they are, or as the last frame of the body. */
    HttpObject trailers(HttpHeaders original) {
        var trailers = ForwardedHeaders.trailers(original);
        if (mediaType.form() == Form.GRPC) {
            return trailers;
        }
        var frame = HeaderBlock.write(trailers.stream()
                .map(trailer -> Map.entry(trailer.getKey().toString(), trailer.getValue()))
                .toList());
        return data(HttpData.wrap(frame)).withEndOfStream();
    }
}

package io.duplexer.bridge.gateway;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The content type of a call: gRPC or one of the two forms of gRPC-Web, and what its messages are encoded in. Pure.
 *
 * @param form of the frames
 * @param encoding of the messages, such as {@code +proto}, or nothing
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md">PROTOCOL-WEB</a>
 */
record GrpcMediaType(Form form, String encoding) {
    private static final String GRPC = "application/grpc";
    private static final Pattern TYPE = Pattern.compile(
            "application/grpc(?<web>-web(?<text>-text)?)?(?<encoding>\\+[^ ;,+]+)?\\s*(;.*)?",
            Pattern.CASE_INSENSITIVE);

    /** How the frames travel. */
    enum Form {
        /** As they are, trailers in the trailers of HTTP. */
        GRPC(""),
        /** As they are, trailers in a frame of their own. */
        WEB("-web"),
        /** As {@link #WEB}, all of it in base64. */
        WEB_TEXT("-web-text");

        private final String suffix;

        Form(String suffix) {
            this.suffix = suffix;
        }

        boolean isWeb() {
            return this != GRPC;
        }
    }

    /** Returns null if the content type is none of gRPC's. */
    static @Nullable GrpcMediaType parse(@Nullable String contentType) {
        var type = TYPE.matcher(contentType == null ? "" : contentType);
        if (!type.matches()) {
            return null;
        }
        var form = type.group("web") == null ? Form.GRPC : type.group("text") == null ? Form.WEB : Form.WEB_TEXT;
        var encoding = type.group("encoding");
        return new GrpcMediaType(form, encoding == null ? "" : encoding.toLowerCase(Locale.ROOT));
    }

    /** The same call on its way to a gRPC server. */
    String upstream() {
        return GRPC + encoding;
    }

    /** The value of {@code content-type}. */
    String value() {
        return GRPC + form.suffix + encoding;
    }
}

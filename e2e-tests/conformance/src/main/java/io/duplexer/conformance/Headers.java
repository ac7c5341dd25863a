package io.duplexer.conformance;

import io.duplexer.conformance.v1.Header;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Metadata as the suite writes it: binary values in base64. */
final class Headers {
    private Headers() {}

    static Metadata toMetadata(List<Header> headers) {
        var metadata = new Metadata();
        for (var header : headers) {
            var name = header.getName().toLowerCase(Locale.ROOT);
            for (var value : header.getValueList()) {
                if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                    metadata.put(
                            Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER),
                            Base64.getDecoder().decode(value));
                } else {
                    metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
                }
            }
        }
        return metadata;
    }

    /** Without the pseudo-headers of HTTP/2, which Armeria puts among the others. */
    static List<Header> of(Metadata metadata) {
        var headers = new ArrayList<Header>();
        for (var name : metadata.keys()) {
            if (!name.startsWith(":")) {
                headers.add(Header.newBuilder()
                        .setName(name)
                        .addAllValue(values(name, metadata))
                        .build());
            }
        }
        return headers;
    }

    private static List<String> values(String name, Metadata metadata) {
        var values = new ArrayList<String>();
        if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
            var encoder = Base64.getEncoder().withoutPadding();
            for (var value : orNone(metadata.getAll(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER)))) {
                values.add(encoder.encodeToString(value));
            }
        } else {
            for (var value : orNone(metadata.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)))) {
                values.add(value);
            }
        }
        return values;
    }

    private static <T> Iterable<T> orNone(@Nullable Iterable<T> values) {
        return values == null ? List.of() : values;
    }
}

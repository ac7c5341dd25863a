package io.duplexer.conformance;

import com.google.protobuf.ByteString;
import io.duplexer.conformance.v1.Error;
import io.duplexer.conformance.v1.Header;
import io.duplexer.conformance.v1.StreamResponseDefinition;
import io.duplexer.conformance.v1.UnaryResponseDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks the server to answer, for one response and for many alike.
 *
 * @param data of each response
 * @param delayMillis before each response
 * @param error at the end; null for OK
 */
record Definition(
        List<Header> headers,
        List<ByteString> data,
        int delayMillis,
        @Nullable Error error,
        List<Header> trailers) {
    static Definition of(UnaryResponseDefinition definition) {
        return new Definition(
                definition.getResponseHeadersList(),
                definition.hasError() ? List.of() : List.of(definition.getResponseData()),
                definition.getResponseDelayMs(),
                definition.hasError() ? definition.getError() : null,
                definition.getResponseTrailersList());
    }

    static Definition of(StreamResponseDefinition definition) {
        return new Definition(
                definition.getResponseHeadersList(),
                definition.getResponseDataList(),
                definition.getResponseDelayMs(),
                definition.hasError() ? definition.getError() : null,
                definition.getResponseTrailersList());
    }
}

package io.duplexer.bridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceOptions;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The limits of requests that ask for no WebSocket, beside an endpoint. */
@ExtendWith(NoLeaks.class)
final class OrdinaryRequestsTest {
    private static final Duration HOST_TIMEOUT = Duration.ofSeconds(11);
    private static final int HOST_LENGTH = 1100;

    /** Tells what holds for the request. */
    private record Telling(ServiceOptions options) implements HttpService {
        @Override
        public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
            return HttpResponse.of(ctx.requestTimeoutMillis() + " ms, " + ctx.maxRequestLength()
                    + " bytes, abort after " + ctx.requestAutoAbortDelayMillis() + " ms");
        }
    }

    private static String told(ServiceOptions options, String path) throws Exception {
        RecordingHandler handler = new RecordingHandler();
        HttpService endpoint = WebSocketEndpoint.builder(handler)
                .fallback(new Telling(options))
                .build();
        try (TestServer server = TestServer.of(
                        endpoint,
                        builder -> builder.requestTimeout(HOST_TIMEOUT)
                                .maxRequestLength(HOST_LENGTH)
                                .requestAutoAbortDelayMillis(13)
                                .route()
                                .path("/route")
                                .requestTimeoutMillis(33_000)
                                .maxRequestLength(3300)
                                .requestAutoAbortDelayMillis(39)
                                .build(endpoint));
                RawHttp1 socket = RawHttp1.open(server.port())) {
            // Sessions have none of them.
            ServiceRequestContext session = handler.next().session().context();
            assertThat(session.requestTimeoutMillis()).isZero();
            assertThat(session.maxRequestLength()).isZero();
            socket.send(Frames.close(1000, ""));
            assertThat(socket.expectClose()).isEqualTo(1000);

            return WebClient.of("http://127.0.0.1:" + server.port())
                    .get(path)
                    .aggregate()
                    .join()
                    .contentUtf8();
        }
    }

    @Test
    void areThoseOfTheRouteIfItHasSome() throws Exception {
        assertThat(told(ServiceOptions.builder().requestTimeoutMillis(22_000).build(), "/route"))
                .isEqualTo("33000 ms, 3300 bytes, abort after 39 ms");
    }

    @Test
    void areElseThoseOfTheService() throws Exception {
        ServiceOptions options = ServiceOptions.builder()
                .requestTimeoutMillis(0)
                .maxRequestLength(2200)
                .requestAutoAbortDelayMillis(26)
                .build();

        assertThat(told(options, TestServer.PATH)).isEqualTo("0 ms, 2200 bytes, abort after 26 ms");
    }

    @Test
    void areElseThoseOfTheHost() throws Exception {
        assertThat(told(ServiceOptions.of(), TestServer.PATH)).isEqualTo("11000 ms, 1100 bytes, abort after 13 ms");
    }
}

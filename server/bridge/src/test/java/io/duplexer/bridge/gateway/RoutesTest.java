package io.duplexer.bridge.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.common.SessionProtocol;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which upstream serves a path. */
final class RoutesTest {
    private static final Upstream REST = upstream("rest");
    private static final Upstream SERVICE = upstream("service");
    private static final Upstream METHOD = upstream("method");

    private static Upstream upstream(String name) {
        return Upstream.of(name, SessionProtocol.H2C, Endpoint.of("127.0.0.1", 1), ClientFactory.ofDefault());
    }

    @Test
    void theLongestPrefixCounts() {
        var routes = new Routes(Map.of("/", REST, "/a.B/", SERVICE, "/a.B/C/", METHOD));

        assertThat(routes.find("/a.B/M")).isSameAs(SERVICE);
        assertThat(routes.find("/a.B/C/D")).isSameAs(METHOD);
        assertThat(routes.find("/a.B/C")).isSameAs(SERVICE);
        assertThat(routes.find("/a.Bc/M")).isSameAs(REST);
    }

    @Test
    void aPathOutsideOfAllPrefixesHasNone() {
        assertThat(new Routes(Map.of("/a.B/", SERVICE)).find("/a.C/M")).isNull();
    }

    @Test
    void aPrefixHasSlashesAndOneUpstream() {
        var builder = Gateway.builder().route("/a.B/", SERVICE);

        assertThatThrownBy(() -> builder.route("a.C/", REST))
                .hasMessage("prefix: a.C/ (expected: /package.Service/ or /)");
        assertThatThrownBy(() -> builder.route("/a.C", REST))
                .hasMessage("prefix: /a.C (expected: /package.Service/ or /)");
        assertThatThrownBy(() -> builder.route("/a.B/", REST))
                .hasMessage("prefix: /a.B/ twice (expected: one upstream for each)");
        assertThatThrownBy(() -> Gateway.builder().build()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anUpstreamSpeaksHttp2() {
        assertThatThrownBy(() ->
                        Upstream.of("x", SessionProtocol.HTTP, Endpoint.of("127.0.0.1", 1), ClientFactory.ofDefault()))
                .hasMessage("protocol: http (expected: h2c or h2)");
    }
}

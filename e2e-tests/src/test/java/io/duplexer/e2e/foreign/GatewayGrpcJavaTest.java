package io.duplexer.e2e.foreign;

import io.duplexer.e2e.support.SharedGateway;
import org.junit.jupiter.api.extension.RegisterExtension;

/** grpc-java through a gateway: all four kinds of call, reflection and health are those of the server behind it. */
final class GatewayGrpcJavaTest extends GrpcJavaTest {
    @RegisterExtension
    static final SharedGateway gateway = SharedGateway.before(server);

    @Override
    int port() {
        return gateway.process().port();
    }
}

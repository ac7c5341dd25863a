package io.duplexer.bridge.grpc.interop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.internal.GrpcUtil;
import io.grpc.testing.integration.AbstractInteropTest;
import io.grpc.testing.integration.Messages.ResponseParameters;
import io.grpc.testing.integration.Messages.StreamingOutputCallRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/**
 * gRPC's own interoperability tests against Armeria. What is left out, or done differently, is here, with its reason;
 * everything else is as gRPC has it.
 */
public abstract class ArmeriaInteropTest extends AbstractInteropTest {
    @SuppressWarnings("NullAway.Init") // Set before any test.
    private static InteropServer server;

    @BeforeClass
    public static void start() {
        server = new InteropServer();
    }

    @AfterClass
    public static void stop() {
        server.close();
    }

    static int port() {
        return server.port();
    }

    /** Whether the channel knows the connection of a call. */
    protected abstract boolean tellsAddresses();

    /** Metrics are those of OpenCensus, in grpc-java's own server. */
    @Override
    protected boolean metricsExpected() {
        return false;
    }

    @Test
    @Override
    public void censusContextsPropagated() {
        assumeTrue("Armeria's server has no ServerStreamTracer, which this looks at", false);
    }

    @Test
    @Override
    public void getServerAddressAndLocalAddressFromClient() {
        assumeTrue(
                "a matter of the client: the tests' own channel has a connection for each call, and no address",
                tellsAddresses());
        super.getServerAddressAndLocalAddressFromClient();
    }

    /** As gRPC has it, but with the headers that Armeria's server got: gRPC's test can only look into its own. */
    @Test
    @Override
    public void sendsTimeoutHeader() {
        blockingStub.withDeadlineAfter(100, TimeUnit.MINUTES).emptyCall(EMPTY);
        Metadata headers = server.lastHeaders();
        long minutes = Duration.ofNanos(headers.get(GrpcUtil.TIMEOUT_KEY)).toMinutes();
        assertTrue("minutes: " + minutes, minutes == 99 || minutes == 100);
    }

    /** As gRPC has it, but without a look at the message: here the server may be the first to notice, and say it. */
    @Test
    @Override
    public void deadlineExceeded() {
        blockingStub.emptyCall(EMPTY);
        StreamingOutputCallRequest request = StreamingOutputCallRequest.newBuilder()
                .addResponseParameters(
                        ResponseParameters.newBuilder().setIntervalUs((int) TimeUnit.SECONDS.toMicros(20)))
                .build();
        StatusRuntimeException failure = assertThrows(
                StatusRuntimeException.class,
                () -> blockingStub
                        .withDeadlineAfter(1, TimeUnit.SECONDS)
                        .streamingOutputCall(request)
                        .next());
        assertEquals(Status.Code.DEADLINE_EXCEEDED, failure.getStatus().getCode());
    }
}

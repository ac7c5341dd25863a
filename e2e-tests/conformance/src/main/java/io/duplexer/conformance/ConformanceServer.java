package io.duplexer.conformance;

import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.duplexer.bridge.grpc.GrpcWebSocket;
import io.duplexer.bridge.grpc.StrictGrpc;
import io.duplexer.conformance.v1.ServerCompatRequest;
import io.duplexer.conformance.v1.ServerCompatResponse;
import io.netty.handler.ssl.ClientAuth;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The server under test of connectrpc's conformance suite. The suite says on standard input what it wants, and is told the
 * port on standard output, where nothing else may be; it ends the server by a signal.
 */
public final class ConformanceServer {
    private ConformanceServer() {}

    public static void main(String[] args) throws IOException {
        var input = new DataInputStream(System.in);
        var request = ServerCompatRequest.parseFrom(input.readNBytes(input.readInt()));
        var server = server(request);
        server.start().join();
        var response = ServerCompatResponse.newBuilder()
                .setHost("127.0.0.1")
                .setPort(server.activeLocalPort())
                .setPemCert(request.getServerCreds().getCert())
                .build()
                .toByteArray();
        var output = new DataOutputStream(System.out);
        output.writeInt(response.length);
        output.write(response);
        output.flush();
        server.closeOnJvmShutdown().join();
    }

    private static Server server(ServerCompatRequest request) {
        var service = GrpcService.builder()
                .addService(Methods.service())
                .supportedSerializationFormats(GrpcSerializationFormats.values())
                .useBlockingTaskExecutor(true)
                .intercept(StrictGrpc.interceptor())
                .exceptionHandler(StrictGrpc.exceptionHandler());
        if (request.getMessageReceiveLimit() > 0) {
            service.maxRequestMessageLength(request.getMessageReceiveLimit());
        }
        var server = Server.builder()
                .requestTimeout(Duration.ZERO)
                .maxRequestLength(0)
                .service(service.build(), StrictGrpc.newDecorator(), GrpcWebSocket.newDecorator());
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return request.getUseTls()
                ? withTls(server.https(address), request).build()
                : server.http(address).build();
    }

    private static ServerBuilder withTls(ServerBuilder server, ServerCompatRequest request) {
        var credentials = request.getServerCreds();
        server.tls(TlsKeyPair.of(
                credentials.getKey().newInput(), credentials.getCert().newInput()));
        if (!request.getClientTlsCert().isEmpty()) {
            server.tlsCustomizer(tls ->
                    tls.trustManager(request.getClientTlsCert().newInput()).clientAuth(ClientAuth.REQUIRE));
        }
        return server;
    }
}

package io.duplexer.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.e2e.client.DuplexClient;
import io.duplexer.e2e.client.GrpcWebClient;
import io.duplexer.e2e.client.WebSocketLink;
import io.duplexer.e2e.support.Names;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.ServerProcess;

/** Whatever one client did: the next one is served. */
final class StillServing {
    private StillServing() {}

    static void assertOn(ServerProcess server) {
        var room = Names.room();
        try (var socket = new DuplexClient(WebSocketLink.to(server.uri("ws", "/"), WebSocketLink.JSON));
                var web = new GrpcWebClient(server.uri(), "application/grpc-web+proto")) {
            var feed = socket.join("next", room, Join.getDefaultInstance());
            feed.recovered();
            var message = Message.newBuilder()
                    .setUserId("next")
                    .setRoom(room)
                    .setContent("hello")
                    .build();
            var response = Patience.await(web.publish(message));
            assertThat(feed.line().getId()).isEqualTo(response.getMessageId());
        }
        server.assertNoErrors();
    }
}

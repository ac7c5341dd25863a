package io.duplexer.app.server;

import com.linecorp.armeria.server.docs.DocService;
import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.ReadHistoryRequest;
import io.duplexer.chat.v1.SubscribeRequest;
import io.duplexer.chat.v1.Typing;

/** The page at {@code /docs/}: every method and field with its comment, and a form with an example for each method. */
final class Documentation {
    private Documentation() {}

    static DocService create() {
        var service = ChatServiceGrpc.SERVICE_NAME;
        var message = Message.newBuilder()
                .setUserId("ann")
                .setContent("Hello, everyone!")
                .build();
        return DocService.builder()
                .exampleRequests(
                        service,
                        "SendMessage",
                        message,
                        Message.newBuilder()
                                .setUserId("ann")
                                .setTyping(Typing.getDefaultInstance())
                                .build())
                .exampleRequests(
                        service,
                        "SubscribeToMessages",
                        SubscribeRequest.newBuilder()
                                .setUserId("ann")
                                .setJoin(Join.newBuilder().setHistory(10))
                                .build())
                .exampleRequests(service, "UploadMessages", message)
                .exampleRequests(service, "Chat", message)
                .exampleRequests(
                        service,
                        "ReadHistory",
                        ReadHistoryRequest.newBuilder()
                                .setUserId("ann")
                                .setLimit(10)
                                .build())
                .build();
    }
}

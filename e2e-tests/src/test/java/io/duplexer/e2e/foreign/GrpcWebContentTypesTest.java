package io.duplexer.e2e.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.MessageResponse;
import io.duplexer.e2e.client.GrpcWebClient;
import io.duplexer.e2e.support.Inbox;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.SharedServer;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The four content types of gRPC-Web (PROTOCOL-WEB). */
class GrpcWebContentTypesTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/grpc-web",
                "application/grpc-web+proto",
                "application/grpc-web-text",
                "application/grpc-web-text+proto"
            })
    void aCallIsAnsweredInTheFormThatItWasMadeIn(String contentType) {
        var responses = new Inbox<MessageResponse>();
        var message = Message.newBuilder().setUserId("ann").setContent("hello").build();

        var call = new GrpcWebClient(server.uri(), contentType)
                .call(ChatServiceGrpc.getSendMessageMethod(), message, MessageResponse.parser(), responses::add);

        assertThat(Patience.await(call.end()).isOk()).isTrue();
        assertThat(responses.take().getSuccess()).isTrue();
        // Without a format the type stands for protobuf, which the server may name.
        assertThat(Patience.await(call.headers()).headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).isIn(contentType, contentType + "+proto"));
    }
}

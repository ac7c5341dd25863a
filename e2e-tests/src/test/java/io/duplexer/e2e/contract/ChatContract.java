package io.duplexer.e2e.contract;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.Message.EventCase;
import io.duplexer.chat.v1.MessageResponse;
import io.duplexer.e2e.client.ChatClient;
import io.duplexer.e2e.client.DuplexClient;
import io.duplexer.e2e.client.GrpcCalls;
import io.duplexer.e2e.client.WebSocketLink;
import io.duplexer.e2e.support.Names;
import io.duplexer.e2e.support.Patience;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Publishing and receiving: order, identity, rooms. */
abstract class ChatContract extends PastContract {
    @Test
    void allSubscribersSeeOneOrderWhateverTheTransportsOfThePublishers() {
        var clients = List.of(
                connect(),
                closed(new GrpcCalls(server.port())),
                closed(new DuplexClient(WebSocketLink.to(server.uri("ws", "/ws"), WebSocketLink.JSON))));
        var feeds = IntStream.range(0, clients.size())
                .mapToObj(i -> joined(clients.get(i), "user" + i))
                .toList();

        var publishing = IntStream.range(0, clients.size())
                .mapToObj(i -> CompletableFuture.runAsync(() -> publishMany(clients.get(i), "user" + i, 100)))
                .toArray(CompletableFuture<?>[]::new);
        Patience.await(CompletableFuture.allOf(publishing));

        var lines = feeds.get(0).lines(300);
        assertChain(lines);
        assertThat(lines.stream().map(Message::getContent).collect(toSet())).hasSize(300);
        assertThat(feeds.get(1).lines(300)).isEqualTo(lines);
        assertThat(feeds.get(2).lines(300)).isEqualTo(lines);
    }

    @Test
    void twoThousandMessagesArriveWithoutLoss() {
        var client = connect();
        var feed = joined(connect(), "reader");

        var responses = publishMany(client, "writer", 2_000);

        var lines = feed.lines(2_000);
        assertChain(lines);
        assertThat(lines.get(0).getPreviousSequence()).isZero();
        assertThat(lines.stream().map(Message::getSequence))
                .containsExactlyInAnyOrderElementsOf(
                        responses.stream().map(MessageResponse::getSequence).toList());
    }

    @Test
    void theServerGivesIdSequenceAndTimestamp() {
        var client = connect();
        var feed = joined(client, "ann");

        var before = System.currentTimeMillis();
        var first = publish(client, line("ann", "one"));
        var second = publish(client, line("ann", "two"));
        var after = System.currentTimeMillis();

        assertThat(first.getSuccess()).isTrue();
        assertThat(first.getMessageId()).isNotEmpty().isNotEqualTo(second.getMessageId());
        assertThat(first.getTimestamp()).isBetween(before, after);
        assertThat(second.getSequence()).isGreaterThan(first.getSequence());
        assertThat(feed.line())
                .isEqualTo(line("ann", "one").toBuilder()
                        .setId(first.getMessageId())
                        .setTimestamp(first.getTimestamp())
                        .setSequence(first.getSequence())
                        .build());
        assertThat(feed.line().getPreviousSequence()).isEqualTo(first.getSequence());
    }

    @Test
    void whatARequestClaimsOfSequenceAndTimeIsIgnored() {
        var client = connect();
        var feed = joined(client, "ann");

        var response = publish(
                client,
                line("ann", "from the past").toBuilder()
                        .setTimestamp(1)
                        .setSequence(99_999)
                        .setPreviousSequence(99_998)
                        .build());

        assertThat(response.getSequence()).isLessThan(99_999);
        assertThat(response.getTimestamp()).isGreaterThan(1);
        assertThat(feed.line().getPreviousSequence()).isZero();
    }

    @Test
    void theSendersIdComesBack() {
        var client = connect();
        var feed = joined(connect(), "bob");

        var response =
                publish(client, line("ann", "hello").toBuilder().setId("mine").build());

        assertThat(response.getMessageId()).isEqualTo("mine");
        assertThat(response.getDuplicate()).isFalse();
        assertThat(feed.line().getId()).isEqualTo("mine");
    }

    @Test
    void theSameIdAgainReturnsTheFirstResultAndIsDeliveredOnce() {
        var client = connect();
        var feed = joined(client, "ann");
        var message = line("ann", "hello").toBuilder().setId("mine").build();

        var first = publish(client, message);
        var second = publish(client, message.toBuilder().setContent("changed").build());
        publish(client, line("ann", "the end"));

        assertThat(second).isEqualTo(first.toBuilder().setDuplicate(true).build());
        assertThat(feed.lines(2)).extracting(Message::getContent).containsExactly("hello", "the end");
    }

    @Test
    void theSameIdOfAnotherUserOrInAnotherRoomIsAnotherMessage() {
        var client = connect();
        var message = line("ann", "hello").toBuilder().setId("mine").build();

        publish(client, message);

        assertThat(publish(client, message.toBuilder().setUserId("bob").build()).getDuplicate())
                .isFalse();
        assertThat(publish(client, message.toBuilder().setRoom(Names.room()).build())
                        .getDuplicate())
                .isFalse();
    }

    @Test
    void typingReachesTheOthersOfTheRoom() {
        var ann = connect();
        joined(ann, "ann");
        var bob = joined(connect(), "bob");

        ann.type("ann", room);

        var typing = bob.event(EventCase.TYPING, "ann");
        assertThat(typing).isEqualTo(ChatClient.typing("ann", room));
    }

    @Test
    void typingDoesNotComeBack() {
        var ann = connect();
        var feed = joined(ann, "ann");

        ann.type("ann", room);
        publish(ann, line("ann", "typed"));

        feed.line();
        assertThat(feed.all()).noneMatch(Message::hasTyping);
    }

    @Test
    void typingIsNotInTheHistory() {
        var ann = connect();
        joined(ann, "ann");
        ann.type("ann", room);
        publish(ann, line("ann", "typed"));

        var feed = connect().join("bob", room, history(10));

        assertThat(feed.recovered().getMissed()).isEqualTo(1);
        assertThat(feed.line().getContent()).isEqualTo("typed");
    }

    @Test
    void roomsAreSeparate() {
        var client = connect();
        var here = joined(client, "ann");
        var otherRoom = Names.room();
        var there = joined(connect(), "bob", otherRoom);

        publish(client, line("ann", "here"));
        publish(client, line("ann", "there").toBuilder().setRoom(otherRoom).build());
        publish(client, line("ann", "here again"));

        assertThat(here.lines(2)).extracting(Message::getContent).containsExactly("here", "here again");
        assertThat(there.line().getContent()).isEqualTo("there");
        assertThat(there.allLines()).hasSize(1);
    }

    @Test
    void anEmptyRoomIsTheLobby() {
        var client = connect();
        var named = joined(connect(), Names.unique("ann"), ChatClient.LOBBY);
        var unnamed = connect().join(Names.unique("bob"), "", noHistory());
        unnamed.recovered();

        var id = publish(client, line("cid", "hello").toBuilder().clearRoom().build())
                .getMessageId();

        assertThat(named.line().getId()).isEqualTo(id);
        assertThat(unnamed.line())
                .satisfies(line -> assertThat(line.getId()).isEqualTo(id))
                .satisfies(line -> assertThat(line.getRoom()).isEqualTo(ChatClient.LOBBY));
    }

    @Test
    void aClientWithoutJoinIsInTheLobbyUnseenAndGetsChatLinesOnly() {
        var listening = connect().listen("listener");
        var other = connect();
        var witness = joined(other, Names.unique("witness"), ChatClient.LOBBY);
        // Nothing says when a listener is there but its first message.
        while (listening.all().isEmpty()) {
            publish(other, line("ann", "anyone there?").toBuilder().clearRoom().build());
        }

        var visitor = Names.unique("visitor");
        var third = connect();
        joined(third, visitor, ChatClient.LOBBY).leave();
        witness.event(EventCase.LEFT, visitor);
        var last = publish(other, line("ann", "the end").toBuilder().clearRoom().build());

        while (listening.line().getSequence() < last.getSequence()) {}
        assertThat(listening.all())
                .allSatisfy(message -> assertThat(message.getEventCase()).isEqualTo(EventCase.EVENT_NOT_SET));
        assertThat(witness.all()).noneMatch(message -> message.getUserId().equals("listener"));
    }
}

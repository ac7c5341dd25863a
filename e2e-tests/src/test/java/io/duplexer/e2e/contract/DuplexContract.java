package io.duplexer.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Joined;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.Message.EventCase;
import io.duplexer.chat.v1.ReadHistory;
import io.duplexer.e2e.client.DuplexClient;
import io.duplexer.e2e.client.DuplexLink;
import io.duplexer.e2e.client.Refused;
import io.duplexer.e2e.support.Names;
import io.duplexer.e2e.support.ServerProcess;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

/** What a stream in each direction can do besides: events from clients, many rooms at once. */
abstract class DuplexContract extends ChatContract {
    /** How the transport under test opens a stream each way. */
    abstract DuplexLink.Opener link(ServerProcess server);

    @Override
    final DuplexClient newClient(ServerProcess server) {
        return new DuplexClient(link(server));
    }

    private DuplexClient connectDuplex() {
        return closed(newClient(server.process()));
    }

    @Test
    void oneConnectionIsInManyRooms() {
        var client = connectDuplex();
        var otherRoom = Names.room();
        var here = joined(client, "ann");
        var there = joined(client, "ann", otherRoom);

        publish(client, line("ann", "here"));
        publish(client, line("ann", "there").toBuilder().setRoom(otherRoom).build());

        assertThat(here.line().getContent()).isEqualTo("here");
        assertThat(there.line().getContent()).isEqualTo("there");
    }

    @Test
    void joiningARoomTakesBackTheLobby() {
        var client = connectDuplex();
        var lobby = client.listen("ann");
        var here = joined(client, "ann");

        publish(connect(), line("bob", "in the lobby").toBuilder().clearRoom().build());
        publish(connect(), line("bob", "here"));

        assertThat(here.line().getContent()).isEqualTo("here");
        assertThat(lobby.all()).isEmpty();
    }

    @Test
    void leavingIsConfirmedToTheOneWhoLeaves() {
        var feed = joined(connectDuplex(), "ann");

        feed.leave();

        assertThat(feed.event(EventCase.LEFT, "ann").getRoom()).isEqualTo(room);
    }

    @Test
    void anEventThatOnlyTheServerSendsIsRejected() {
        var client = connectDuplex();
        var feed = joined(client, "ann");

        client.send(Message.newBuilder()
                .setUserId("ann")
                .setRoom(room)
                .setJoined(Joined.getDefaultInstance())
                .build());

        assertThat(feed.awaitEnd().code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(feed.awaitEnd().reason()).startsWith("event: joined");
        publish(client, line("ann", "it goes on"));
        assertThat(feed.line().getContent()).isEqualTo("it goes on");
    }

    @Test
    void typingInARoomThatWasNotJoinedIsRejected() {
        var client = connectDuplex();
        var feed = joined(client, "ann");
        var otherRoom = joined(client, "ann", Names.room());
        feed.leave();
        feed.event(EventCase.LEFT, "ann");

        client.type("ann", room);

        assertThat(feed.awaitEnd().reason()).startsWith("room: \"" + room + "\" has not been joined");
        assertThat(otherRoom.isOpen()).isTrue();
    }

    @Test
    void readingBackInARoomThatWasNotJoinedIsRejected() {
        var client = connectDuplex();
        var feed = joined(client, "ann");
        var elsewhere = Names.room();

        var refused = Refused.by(client.readHistory("ann", elsewhere, ReadHistory.getDefaultInstance()));

        assertThat(refused.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.reason()).startsWith("room: \"" + elsewhere + "\" has not been joined");
        assertThat(feed.isOpen()).isTrue();
    }

    @Test
    void aClientWithoutJoinIsEndedByARefusedMessage() {
        var client = connectDuplex();
        var feed = client.listen("ann");

        var refused = Refused.by(client.publish(line("", "from nobody")));

        assertThat(refused.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.reason()).contains("user_id: empty");
        assertThat(feed.awaitEnd()).isEqualTo(refused);
    }
}

package io.duplexer.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.HistoryPage;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.MessageResponse;
import io.duplexer.chat.v1.ReadHistory;
import io.duplexer.e2e.client.ChatClient;
import io.duplexer.e2e.client.Refused;
import io.duplexer.e2e.support.Patience;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading back in a room's history. */
abstract class PastContract extends JoiningContract {
    private HistoryPage read(ChatClient client, long before, int limit) {
        return Patience.await(client.readHistory("reader", room, request(before, limit)));
    }

    private static ReadHistory request(long before, int limit) {
        return ReadHistory.newBuilder().setBefore(before).setLimit(limit).build();
    }

    @Test
    void aRoomIsReadBackToItsBeginningWithoutAGap() {
        var client = connect();
        joined(client, "reader");
        var published = publishInOrder(client, "ann", 12);

        var past = new ArrayDeque<Message>();
        HistoryPage page;
        do {
            page = read(client, past.isEmpty() ? 0 : past.getFirst().getSequence(), 5);
            assertThat(page.getMessagesList()).hasSizeBetween(1, 5);
            for (int i = page.getMessagesCount() - 1; i >= 0; i--) {
                past.addFirst(page.getMessages(i));
            }
        } while (page.getMore());

        assertThat(past.stream().map(Message::getSequence))
                .containsExactlyElementsOf(
                        published.stream().map(MessageResponse::getSequence).toList());
        assertChain(List.copyOf(past));
    }

    @Test
    void whatIsReadBackIsWhatWasDelivered() {
        var client = connect();
        var feed = joined(client, "reader");
        publish(client, line("ann", "Grüße\n\u0000👋🏽 \"{}"));

        assertThat(read(client, 0, 1).getMessagesList()).containsExactly(feed.line());
    }

    @Test
    void anEmptyRoomHasAnEmptyPast() {
        var client = connect();
        joined(client, "reader");

        assertThat(read(client, 0, 0)).isEqualTo(HistoryPage.getDefaultInstance());
    }

    @ParameterizedTest
    @CsvSource({"0, 50", "199, 199", "200, 200"})
    void aPageHasAsManyMessagesAsAreAskedFor(int limit, int given) {
        var client = connect();
        joined(client, "reader");
        upload(201);

        var page = read(client, 0, limit);

        assertThat(page.getMessagesCount()).isEqualTo(given);
        assertThat(page.getMore()).isTrue();
    }

    @Test
    void moreThanTwoHundredMessagesAreRefused() {
        var client = connect();
        joined(client, "reader");

        var refused = Refused.by(client.readHistory("reader", room, request(0, 201)));

        assertThat(refused.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.reason()).startsWith("limit: 201 messages (expected: ");
        assertThat(read(client, 0, 200).getMore()).isFalse();
    }

    @Test
    void largeMessagesComeInPagesOfAQuarterMebibyte() {
        var client = connect();
        joined(client, "reader");
        var content = "x".repeat(60_000);
        for (int i = 0; i < 6; i++) {
            publish(client, line("ann", content));
        }

        var newest = read(client, 0, 6);
        var oldest = read(client, newest.getMessages(0).getSequence(), 6);

        assertThat(newest.getMessagesCount()).isEqualTo(4);
        assertThat(newest.getMore()).isTrue();
        assertThat(oldest.getMessagesCount()).isEqualTo(2);
        assertThat(oldest.getMore()).isFalse();
    }
}

package io.duplexer.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.duplexer.e2e.support.NodeScripts;
import io.duplexer.e2e.support.Patience;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Eight people in one room, two on each transport, with the browser's chat client in Node. They write without a pause. */
final class People implements AutoCloseable {
    static final int COUNT = 8;

    private final NodeScripts node = new NodeScripts("chat");
    private final URI server;
    private final String room;
    private int writtenByEach;

    private People(URI server, String room) {
        this.server = server;
        this.room = room;
    }

    /** Brings them in, and waits until all are there. */
    static People enter(URI server, String room) {
        var people = new People(server, room);
        people.node.run("globalThis.people = new client.People(...args)", server.toString(), room, COUNT);
        people.waitUntil("room with everybody in it", "return people.states().every((s) => !s.endsWith('undefined'))");
        return people;
    }

    /** Each begins to write this many messages more. */
    void write(int count) {
        writtenByEach += count;
        node.run("people.write(args[0])", count);
    }

    /** How many have been written, or are being written, in all. */
    int written() {
        return writtenByEach * COUNT;
    }

    /** Waits until everybody has got so many. */
    void waitForSeen(int lines) {
        waitUntil(lines + " lines", "return people.seen() >= args[0]", lines);
    }

    /** Those who fell back try their own transport again, now. */
    void goBack() {
        node.run("people.goBack()");
    }

    /** One of them goes on by another transport; the number says who, and by which. */
    void switchOne(int which) {
        node.run("people.switchOne(args[0])", which);
    }

    /**
     * Waits until everything is everywhere, and compares: what was written, acknowledged, seen by each and stored must be the
     * same, in one order that is also each writer's; and no client may have counted a gap, a duplicate or a recovery that
     * failed.
     *
     * @return the counts, for a person to read
     */
    String assertComplete() {
        waitForSeen(written());
        var reports = node.run("return people.reports()");
        var lines = strings(reports.get(0).get("lines"));
        assertThat(lines).hasSize(written());
        assertThat(lines).extracting(People::sequence).isSorted().doesNotHaveDuplicates();
        var acknowledged = new HashSet<String>();
        var recoveries = 0;
        for (var report : reports) {
            var userId = report.get("userId").asText();
            assertThat(strings(report.get("lines"))).as("what %s saw", userId).isEqualTo(lines);
            assertThat(lines.stream().filter(line -> line.contains(' ' + userId + ' ')))
                    .as("what %s wrote", userId)
                    .extracting(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .isEqualTo(IntStream.rangeClosed(1, writtenByEach)
                            .mapToObj(String::valueOf)
                            .toList());
            report.get("acknowledged")
                    .properties()
                    .forEach(own -> acknowledged.add(own.getValue().asText() + ' ' + userId + ' ' + own.getKey()));
            assertThat(strings(report.get("failed"))).isEmpty();
            assertThat(strings(report.get("gaps"))).isEmpty();
            assertThat(report.get("notRecovered").asInt()).isZero();
            assertThat(report.at("/counts/lines").asInt()).isEqualTo(written());
            assertThat(report.at("/counts/duplicates").asInt()).isZero();
            recoveries += report.get("recoveries").asInt();
        }
        assertThat(acknowledged).isEqualTo(new HashSet<>(lines));
        assertThat(recoveries).isPositive();
        for (var stored : node.run("return client.readBack(...args)", server.toString(), room)) {
            assertThat(strings(stored)).isEqualTo(lines);
        }
        return "%d people: %d written, %d acknowledged, %d seen by each, the same stored; %d recoveries"
                .formatted(COUNT, written(), acknowledged.size(), lines.size(), recoveries);
    }

    private void waitUntil(String what, String script, Object... args) {
        try {
            Awaitility.await(what)
                    .atMost(Patience.LIMIT)
                    .until(() -> node.run(script, args).asBoolean());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("no " + what + ": " + node.run("return people.standing()"), e);
        }
    }

    private static long sequence(String line) {
        return Long.parseLong(line.substring(0, line.indexOf(' ')));
    }

    private static List<String> strings(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @Override
    public void close() {
        node.close();
    }
}

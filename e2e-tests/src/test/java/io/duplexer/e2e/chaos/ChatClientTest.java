package io.duplexer.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.duplexer.e2e.support.NodeScripts;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.SharedServer;
import io.duplexer.e2e.support.TcpProxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The browser's chat client in Node: eight people write as fast as a mean server lets them, two on each transport, while
 * connections are cut, WebSockets blocked and transports switched at random. Afterwards everybody has every acknowledged message,
 * once, in one order, and everybody's own in the order in which they were written.
 *
 * <p>{@code -Dchaos.rounds=500 -Dchaos.seed=1} makes it long, and repeats it.
 */
class ChatClientTest {
    private static final int PEOPLE = 8;
    private static final int MESSAGES_A_ROUND = 10;
    private static final int ROUNDS = Integer.getInteger("chaos.rounds", 12);
    private static final long SEED = Long.getLong("chaos.seed", System.nanoTime());

    /** With so little patience that messages are refused for now all the time. */
    @RegisterExtension
    static final SharedServer server = SharedServer.with("--publish-rate", "100", "--publish-burst", "5");

    @Test
    void nothingIsLostDoubledOrReorderedWhateverHappensToTheConnections() {
        var random = new Random(SEED);
        try (var proxy = TcpProxy.to(server.port());
                var node = new NodeScripts("chat")) {
            node.run(
                    "globalThis.people = new client.People(args[0], args[1], args[2])",
                    proxy.uri().toString(),
                    "chaos-" + SEED,
                    PEOPLE);
            waitUntil(
                    node, "room with everybody in it", "return people.states().every((s) => !s.endsWith('undefined'))");
            for (var round = 1; round <= ROUNDS; round++) {
                node.run("people.write(args[0])", MESSAGES_A_ROUND);
                breakSomething(random, proxy, node);
                var seen = round * PEOPLE * MESSAGES_A_ROUND - random.nextInt(PEOPLE * MESSAGES_A_ROUND);
                waitUntil(node, seen + " lines", "return people.seen() >= args[0]", seen);
            }
            proxy.refuseWebSockets(false);
            var all = ROUNDS * PEOPLE * MESSAGES_A_ROUND;
            waitUntil(node, "all lines", "return people.seen() >= args[0]", all);
            check(node.run("return people.reports()"), all);
            node.run("people.close()");
        }
    }

    private static void breakSomething(Random random, TcpProxy proxy, NodeScripts node) {
        switch (random.nextInt(4)) {
            case 0, 1 -> proxy.cut();
            case 2 -> {
                proxy.refuseWebSockets(random.nextBoolean());
                proxy.cut();
                node.run("people.goBack()");
            }
            default -> node.run("people.switchOne(args[0])", random.nextInt(100));
        }
    }

    private static void check(JsonNode reports, int all) {
        var lines = strings(reports.get(0).get("lines"));
        assertThat(lines).hasSize(all);
        var places = lines.stream()
                .map(line -> Long.parseLong(line.substring(0, line.indexOf(' '))))
                .toList();
        assertThat(places).isSorted().doesNotHaveDuplicates();
        var acknowledged = new HashSet<String>();
        var recoveries = 0;
        for (var report : reports) {
            var userId = report.get("userId").asText();
            assertThat(strings(report.get("lines"))).as("what %s saw", userId).isEqualTo(lines);
            assertThat(lines.stream().filter(line -> line.contains(' ' + userId + ' ')))
                    .as("what %s wrote", userId)
                    .extracting(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .isEqualTo(IntStream.rangeClosed(1, ROUNDS * MESSAGES_A_ROUND)
                            .mapToObj(String::valueOf)
                            .toList());
            report.get("acknowledged")
                    .properties()
                    .forEach(own -> acknowledged.add(own.getValue().asText() + ' ' + userId + ' ' + own.getKey()));
            assertThat(strings(report.get("failed"))).isEmpty();
            assertThat(strings(report.get("gaps"))).isEmpty();
            assertThat(report.get("notRecovered").asInt()).isZero();
            assertThat(report.at("/counts/lines").asInt()).isEqualTo(all);
            assertThat(report.at("/counts/duplicates").asInt()).isZero();
            recoveries += report.get("recoveries").asInt();
        }
        assertThat(acknowledged).isEqualTo(new HashSet<>(lines));
        assertThat(recoveries).isPositive();
        System.out.printf(
                "chat client: seed %d, %d rounds, %d people: %d written, %d acknowledged, %d seen by each, %d recoveries, "
                        + "0 lost, 0 doubled, 0 reordered%n",
                SEED, ROUNDS, PEOPLE, all, acknowledged.size(), lines.size(), recoveries);
    }

    private static void waitUntil(NodeScripts node, String what, String script, Object... args) {
        try {
            Awaitility.await(what)
                    .atMost(Patience.LIMIT)
                    .until(() -> node.run(script, args).asBoolean());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("no " + what + ", seed " + SEED + ": " + node.run("return people.standing()"), e);
        }
    }

    private static List<String> strings(JsonNode array) {
        return new ArrayList<>(StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList());
    }
}

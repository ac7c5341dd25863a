package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.io.BaseEncoding;
import io.duplexer.e2e.support.BridgeServer;
import io.duplexer.e2e.support.BridgeServer.ServedCall;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.PlayedChat;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The transport's own specs once more, with the sockets of a real browser. */
@ParameterizedClass
@ValueSource(strings = {"WebSocketStream", "WebSocket"})
class TransportTest {
    @SuppressWarnings("NullAway.Init") // Set before any test.
    private static ScriptPage page;

    @Parameter
    String api = "";

    private final BridgeServer server = newServer();

    @BeforeParameterizedClassInvocation
    static void open() {
        page = new ScriptPage("connect");
    }

    @AfterParameterizedClassInvocation
    static void quit() {
        page.close();
    }

    @BeforeEach
    void visit() {
        page.visit(server.uri());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    BridgeServer newServer() {
        return new BridgeServer();
    }

    /** With {@code connect} for a client, {@code chat} for the usual one, and a few helpers. */
    private JsonNode run(String script) {
        return page.run(PRELUDE + script, api);
    }

    private static final String PRELUDE = """
            const { Code, ConnectError, createClient, decodeBinaryHeader, encodeBinaryHeader,
              ChatService, RejectedSchema, createGrpcWebSocketTransport } = client;
            const [api] = args;
            // The transport takes WebSocketStream by itself; a class that it is given is used as a WebSocket.
            const webSocket = api === 'WebSocket' ? { webSocket: WebSocket } : {};
            const connect = (options) =>
              createClient(ChatService, createGrpcWebSocketTransport({ baseUrl: '/', ...webSocket, ...options }));
            const chat = connect();
            const contents = async function* (...all) { for (const content of all) yield { content }; };
            const never = new Promise(() => {});
            const errorOf = (promise) => promise.then(
              () => { throw new Error('an error was expected'); },
              (error) => ({ code: Code[ConnectError.from(error).code], text: ConnectError.from(error).rawMessage }));
            const drain = async (stream) => {
              let messages = 0;
              for await (const message of stream) messages++;
              return messages;
            };
            """;

    @Test
    void theBrowserHasBothWaysToOpenASocket() {
        assertThat(run("return [typeof WebSocket, typeof WebSocketStream]"))
                .extracting(JsonNode::asText)
                .containsExactly("function", "function");
    }

    @Test
    void unaryWithTextAndBinaryMetadataThereAndBack() {
        var result = run("""
                const seen = {};
                const bytes = Uint8Array.of(0, 255, 10, 13);
                const answer = await chat.sendMessage({ content: 'm1' }, {
                  headers: { 'x-echo-text': 'some text', 'x-echo-bytes-bin': encodeBinaryHeader(bytes) },
                  onHeader: (header) => {
                    seen.header = [header.get('x-echo-text'), ...decodeBinaryHeader(header.get('x-echo-bytes-bin'))];
                  },
                  onTrailer: (trailer) => {
                    seen.trailer = [trailer.get('x-trailer-text'), ...decodeBinaryHeader(trailer.get('x-trailer-bytes-bin'))];
                  },
                });
                return { id: answer.messageId, ...seen };
                """);

        assertThat(result.path("id").asText()).isEqualTo("m1");
        assertThat(result.path("header")).hasToString("[\"some text\",0,255,10,13]");
        assertThat(result.path("trailer")).hasToString("[\"some text\",0,255,10,13]");
        var bytes =
                server.nextCall().headers().get(Metadata.Key.of("x-echo-bytes-bin", Metadata.BINARY_BYTE_MARSHALLER));
        assertThat(BaseEncoding.base16().encode(bytes)).isEqualTo("00FF0A0D");
    }

    @Test
    void serverStreamingAThousandMessages() {
        assertThat(run("return drain(chat.subscribeToMessages({ room: '1000' }))")
                        .asInt())
                .isEqualTo(1_000);
    }

    @Test
    void clientStreamingAsFastAsASmallHighWaterMarkLetsIt() {
        assertThat(run("""
                async function* many() {
                  for (let i = 0; i < 500; i++) yield { content: 'x'.repeat(10_000) };
                }
                return Number((await connect({ highWaterMarkBytes: 20_000 }).uploadMessages(many())).received);
                """).asInt()).isEqualTo(500);
    }

    @Test
    void bidirectionalEachAnswerComesBeforeTheNextMessageIsSent() {
        assertThat(run("""
                let release = () => {};
                const log = [];
                async function* turns() {
                  for (const content of ['a', 'b', 'c']) {
                    log.push('sent ' + content);
                    yield { content };
                    await new Promise((resolve) => { release = resolve; });
                  }
                }
                for await (const { content } of chat.chat(turns())) {
                  log.push('got ' + content);
                  release();
                }
                return log;
                """))
                .extracting(JsonNode::asText)
                .containsExactly("sent a", "got a", "sent b", "got b", "sent c", "got c");
    }

    @Test
    void anErrorHasItsMessageDetailsAndTrailers() {
        var result = run("""
                try {
                  await chat.sendMessage({});
                } catch (error) {
                  return [Code[error.code], error.rawMessage, error.metadata.get('x-why'),
                    error.findDetails(RejectedSchema)[0].reason];
                }
                """);

        assertThat(result)
                .extracting(JsonNode::asText)
                .containsExactly("InvalidArgument", "content: none (expected: 1 byte or more)", "empty", "grüß dich");
    }

    @Test
    void aMethodThatTheServerDoesNotHaveIsUnimplementedOrUnavailable() {
        // The bridge is only at the paths of its service: a browser is told nothing of what is refused elsewhere.
        var error = run("return errorOf(connect({ baseUrl: '/elsewhere' }).sendMessage({ content: 'a' }))");

        assertThat(error.path("code").asText()).isEqualTo("Unavailable");
        assertThat(error.path("text").asText()).contains("did not open", "browsers hide the reason");
    }

    @Test
    void aServerThatIsNotThereIsUnavailable() {
        var error = run("return errorOf(connect({ baseUrl: 'http://127.0.0.1:1' }).sendMessage({ content: 'a' }))");

        assertThat(error.path("code").asText()).isEqualTo("Unavailable");
        assertThat(error.path("text").asText()).contains("did not open");
    }

    @Test
    void aServerThatStopsIsUnavailableWithItsReason() {
        run("""
                window.ended = errorOf(drain(chat.chat((async function* () { yield { content: 'a' }; await never; })())));
                """);
        server.nextCall();
        server.close();

        var error = run("return window.ended");
        assertThat(error.path("code").asText()).isEqualTo("Unavailable");
        assertThat(error.path("text").asText()).contains("the server is stopping");
    }

    @Test
    void abortingAStreamIsCanceledAndTheHandlerSeesIt() {
        var error = run("""
                const controller = new AbortController();
                return errorOf((async () => {
                  for await (const message of chat.chat(
                    (async function* () { yield { content: 'a' }; await never; })(), { signal: controller.signal })) {
                    controller.abort();
                  }
                })());
                """);

        assertThat(error.path("code").asText()).isEqualTo("Canceled");
        assertThat(Patience.await(server.nextCall().completed())).isFalse();
    }

    @Test
    void abortingWhileTheSocketOpensIsCanceledAndNothingElse() {
        var error = run("""
                const controller = new AbortController();
                const call = errorOf(chat.sendMessage({ content: 'a' }, { signal: controller.signal }));
                await Promise.resolve();
                controller.abort();
                return call;
                """);

        assertThat(error.path("code").asText()).isEqualTo("Canceled");
    }

    @Test
    void aTimeLimitIsDeadlineExceededHereAndAtTheHandler() {
        var error = run("""
                async function* slowly() { yield { content: 'a' }; await never; }
                return errorOf(chat.uploadMessages(slowly(), { timeoutMs: 200 }));
                """);

        assertThat(error.path("code").asText()).isEqualTo("DeadlineExceeded");
        var call = server.nextCall();
        assertThat(call.headers().get(Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER)))
                .isEqualTo("200m");
        assertThat(Patience.await(call.completed())).isFalse();
    }

    @Test
    void closingThePageCancelsTheCallAtTheHandler() {
        var call = openCall();

        page.closeTab();

        assertThat(Patience.await(call.completed())).isFalse();
    }

    @Test
    void leavingThePageCancelsTheCallAtTheHandler() {
        var call = openCall();

        page.leave();

        assertThat(Patience.await(call.completed())).isFalse();
    }

    /** A call that has got its first answer and would go on. */
    private ServedCall openCall() {
        run("""
                const answers = chat.chat((async function* () { yield { content: 'a' }; await never; })());
                await answers[Symbol.asyncIterator]().next();
                """);
        var call = server.nextCall();
        assertThat(call.completed()).isNotDone();
        return call;
    }

    @Test
    void interceptorsSeeTheRequestAndTheResponse() {
        assertThat(run("""
                const log = [];
                const interceptor = (next) => async (request) => {
                  request.header.set('x-echo-by', 'interceptor');
                  log.push(request.method.name);
                  const response = await next(request);
                  log.push(response.header.get('x-echo-by'), response.message.messageId);
                  return response;
                };
                await connect({ interceptors: [interceptor] }).sendMessage({ content: 'm1' });
                return log;
                """)).extracting(JsonNode::asText).containsExactly("SendMessage", "interceptor", "m1");
    }

    @Test
    void jsonGoesAsJson() {
        assertThat(run("""
                let type;
                const answer = await connect({ useBinaryFormat: false })
                  .sendMessage({ content: 'm1' }, { onHeader: (header) => { type = header.get('content-type'); } });
                return [answer.messageId, type];
                """)).extracting(JsonNode::asText).containsExactly("m1", "application/grpc-web+json");
    }

    @Test
    void anAddressMayBeRelativeOrAbsoluteWithHttpOrWs() {
        assertThat(run("""
                const { host } = location;
                const ids = [];
                for (const baseUrl of ['/', '.', '', `http://${host}`, `ws://${host}/`]) {
                  ids.push((await connect({ baseUrl }).sendMessage({ content: 'at ' + baseUrl })).messageId.slice(0, 2));
                }
                return ids;
                """)).extracting(JsonNode::asText).containsOnly("at").hasSize(5);
    }

    @Test
    void messagesAboveTheLimitsOfEitherSideAreResourceExhausted() {
        assertThat(run("""
                const limited = connect({ readMaxBytes: 1_000, writeMaxBytes: 1_000 });
                return [await errorOf(limited.sendMessage({ content: 'x'.repeat(1_000) })),
                  await errorOf(drain(limited.subscribeToMessages({ room: '1' })))];
                """).findValuesAsText("code")).containsExactly("ResourceExhausted", "ResourceExhausted");
    }

    @Test
    void aPageThatDoesNotReadIsWaitedForOrEndsTheCall() {
        int all = 3_000;
        run("""
                window.stream = chat.subscribeToMessages({ room: '%d' })[Symbol.asyncIterator]();
                await window.stream.next();
                """.formatted(all));
        server.nextCall();
        int ahead = settled(server.chat()::written);
        var rest = run("""
                return drain({ [Symbol.asyncIterator]: () => window.stream }).catch((error) => Code[error.code]);
                """);
        if (api.equals("WebSocketStream")) {
            // What sockets, the browser's pipes and 64 KiB of the transport hold, of 48 MiB.
            assertThat(ahead).isLessThan(all / 4);
            assertThat(rest.asInt()).isEqualTo(all - 1);
        } else {
            // 16 MiB, the default of maxQueuedBytes, and what was on the way.
            assertThat(ahead).isBetween(1_000, 2_000);
            assertThat(rest.asText()).isEqualTo("ResourceExhausted");
        }
    }

    @Test
    void aHandlerThatDoesNotReadIsWaitedFor() {
        run("""
                window.asked = 0;
                async function* many() {
                  for (; window.asked < 3_000; window.asked++) {
                    yield { room: window.asked === 0 ? 'held-up' : '', content: 'x'.repeat(%d) };
                  }
                }
                window.upload = chat.uploadMessages(many());
                """.formatted(PlayedChat.CONTENT_BYTES));
        server.nextCall();
        int ahead = settled(() -> run("return window.asked").asInt());
        assertThat(ahead).isBetween(1, 750);

        server.chat().letGo();

        assertThat(run("return Number((await window.upload).received)").asInt()).isEqualTo(3_000);
    }

    /** Waits until the number does not change any more. */
    private static int settled(IntSupplier counter) {
        var last = new AtomicInteger(-1);
        await().atMost(Patience.LIMIT)
                .during(Duration.ofMillis(700))
                .until(() -> last.getAndSet(counter.getAsInt()) == last.get());
        return last.get();
    }
}

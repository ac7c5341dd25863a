package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.support.SharedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Google's own {@code grpc-web} client in the page, by XMLHttpRequest. Its messages are plain byte arrays here: there is
 * no code generator for it that could be had as a package.
 */
class GrpcWebClientTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    /** Makes {@code client}, {@code method} and {@code send} out of the library, for the arguments format and room. */
    private static final String CLIENT = """
            const [format, room, done] = arguments;
            const { GrpcWebClientBase, MethodDescriptor, MethodType } = module.exports;
            const client = new GrpcWebClientBase({ format });
            const path = (name) => '/duplexer.chat.v1.ChatService/' + name;
            const same = (bytes) => bytes;
            const method = (name, type) => new MethodDescriptor(path(name), type, Uint8Array, Uint8Array, same, same);
            const field = (number, text) => {
              const bytes = new TextEncoder().encode(text);
              return [number * 8 + 2, bytes.length, ...bytes];
            };
            const text = (bytes) => new TextDecoder().decode(bytes);
            const send = (content) => new Promise((resolve, reject) => {
              const message = Uint8Array.from([...field(2, 'ann'), ...field(3, content), ...field(5, room)]);
              client.rpcCall(location.origin + path('SendMessage'), message, {}, method('SendMessage', MethodType.UNARY),
                (error, response) => error ? reject(error) : resolve(text(response)));
            });
            const outcome = (promise) => promise.then(done, (error) => done(error.code + ' ' + error.message));
            """;

    private final DemoPage page = DemoPage.open(Browser.CHROMIUM, server.uri(), "grpc-web", "Ann", "Bob");
    private String library = "";

    @BeforeEach
    void load() throws IOException {
        library = Files.readString(Path.of("node_modules/grpc-web/index.js"));
        page.browser().manage().timeouts().scriptTimeout(Duration.ofSeconds(20));
    }

    @AfterEach
    void quit() {
        page.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "binary"})
    void unaryCallsAreAnswered(String format) {
        assertThat(run("outcome(send('hello').then((answer) => answer.length > 36 ? 'an id' : answer))", format))
                .isEqualTo("an id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "binary"})
    void refusalsArriveAsStatusWithTheFieldsName(String format) {
        assertThat(String.valueOf(run("outcome(send(''))", format)))
                .startsWith("3 ")
                .contains("content: empty");
    }

    /** XMLHttpRequest gives a binary answer only as a whole, and so the library streams in text only. */
    @Test
    void serverStreamsArriveMessageByMessage() {
        var received = run("""
                const received = [];
                // join: { history: 10 }
                const request = Uint8Array.from([...field(1, 'ann'), ...field(2, room), 26, 2, 8, 10]);
                const stream = client.serverStreaming(location.origin + path('SubscribeToMessages'), request, {},
                  method('SubscribeToMessages', MethodType.SERVER_STREAMING));
                stream.on('error', (error) => done([error.message]));
                stream.on('data', (message) => {
                  received.push(text(message));
                  if (received.length === 3) {
                    stream.cancel();
                    done(received);
                  } else {
                    // The next one is sent only after the one before has come: nothing here may be buffered.
                    send('message ' + received.length);
                  }
                });
                """, "text");
        assertThat((List<?>) received)
                .extracting(Object::toString)
                .satisfiesExactly(
                        recovered -> assertThat(recovered).contains("ann"),
                        first -> assertThat(first).contains("message 1"),
                        second -> assertThat(second).contains("message 2"));
    }

    private Object run(String script, String format) {
        // As text and not by eval, which the page's policy forbids.
        var module = "const module = { exports: {} };\n(function (module, exports) {\n" + library
                + "\n})(module, module.exports);\n";
        var result =
                page.browser().executeAsyncScript(module + CLIENT + script, format, "grpc-web-" + System.nanoTime());
        return Objects.requireNonNull(result, "the script returned nothing");
    }
}

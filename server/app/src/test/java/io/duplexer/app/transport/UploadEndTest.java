package io.duplexer.app.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.CommonPools;
import io.duplexer.app.chat.Chat;
import io.duplexer.app.chat.ChatLimits;
import io.duplexer.app.chat.ManualHistory;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.UploadSummary;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.netty.channel.EventLoop;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An upload ends once, whatever comes back from the history afterwards. */
@Timeout(30)
final class UploadEndTest {
    private final EventLoop eventLoop = CommonPools.workerGroup().next();
    private final ManualHistory history = new ManualHistory();
    private final Chat chat = new Chat(history, ChatServer.LIMITS, InstantSource.system());
    private final RecordingCall call = new RecordingCall();

    /** Takes down what a call is told. */
    private static final class RecordingCall extends ServerCallStreamObserver<UploadSummary> {
        final List<String> told = new CopyOnWriteArrayList<>();

        @Override
        public void onNext(UploadSummary summary) {
            told.add("stored " + summary.getStored());
        }

        @Override
        public void onError(Throwable t) {
            told.add(Status.fromThrowable(t).getCode().name());
        }

        @Override
        public void onCompleted() {
            told.add("completed");
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void request(int count) {}

        @Override
        public void disableAutoRequest() {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setOnReadyHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void setMessageCompression(boolean enable) {}
    }

    /** Does as the call's event loop would, and then what that has put off. */
    private void onEventLoop(Runnable... actions) throws Exception {
        for (var action : actions) {
            eventLoop.submit(action).get();
        }
        eventLoop.submit(() -> {}).get();
    }

    @Test
    void withTheSummaryAfterTheLastAcknowledgement() throws Exception {
        history.holdCommits(true);
        var upload = new Upload(chat, call, eventLoop, chat.newPublishRate());
        onEventLoop(
                () -> upload.onNext(GrpcChatTest.line("ann", "m1")),
                () -> upload.onNext(GrpcChatTest.line("ann", "m2")),
                upload::onCompleted);
        assertThat(call.told).isEmpty();
        onEventLoop(history::commit);

        assertThat(call.told).containsExactly("stored 2", "completed");
    }

    @Test
    void withAnErrorThatNothingFollows() throws Exception {
        history.holdCommits(true);
        var upload = new Upload(chat, call, eventLoop, chat.newPublishRate());
        onEventLoop(
                () -> upload.onNext(GrpcChatTest.line("ann", "m1")),
                chat::close,
                () -> upload.onNext(GrpcChatTest.line("ann", "m2")),
                () -> upload.onNext(GrpcChatTest.line("ann", "m3")),
                upload::onCompleted);
        assertThat(call.told).containsExactly("UNAVAILABLE");
        onEventLoop(history::commit);

        assertThat(call.told).containsExactly("UNAVAILABLE");
    }

    @Test
    void whatTheRateHoldsBackIsNoLongerThanAMessageMayBe() throws Exception {
        var slow = new Chat(history, new ChatLimits(1_000, 1, 1, 1, 1, 1, Duration.ZERO), InstantSource.system());
        var upload = new Upload(slow, call, eventLoop, slow.newPublishRate());
        var messages = new ArrayDeque<Message>();
        IntStream.range(0, 60).forEach(i -> messages.add(GrpcChatTest.line("ann", "m" + i)));
        messages.add(GrpcChatTest.line("", "n".repeat(1_000_000)));
        var tooLong = new WeakReference<>(messages.getLast());
        onEventLoop(() -> {
            while (!messages.isEmpty()) {
                upload.onNext(messages.remove());
            }
        });

        // It is refused in a minute, when it is its turn.
        Awaitility.await().until(() -> {
            System.gc();
            return tooLong.get() == null;
        });
        slow.close();
        Awaitility.await().until(() -> call.told.contains("UNAVAILABLE"));
    }
}

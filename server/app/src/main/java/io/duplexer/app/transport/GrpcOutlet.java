package io.duplexer.app.transport;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.duplexer.app.chat.ChatException;
import io.duplexer.app.chat.ChatSession;
import io.duplexer.app.chat.Delivery;
import io.duplexer.app.chat.Outlet;
import io.duplexer.app.chat.Problem;
import io.duplexer.chat.v1.Message;
import io.grpc.stub.ServerCallStreamObserver;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The outgoing half of a streaming call: a bounded queue, written as fast as the client reads.
 *
 * <p>Any thread adds to the queue; the call's event loop takes from it and is the only one to touch the call.
 */
final class GrpcOutlet implements Outlet {
    /** What is handed to the call without waiting until it is ready again: enough to keep its connection busy. */
    private static final int WINDOW_BYTES = 64 * 1024;
    /** Of the frames that are written at once, about. */
    private static final int BATCH_BYTES = 16 * 1024;

    private final ServerCallStreamObserver<Message> call;
    private final EventLoop eventLoop;
    private final ReadyFrames.@Nullable Batches batches;
    private final long maxQueuedBytes;
    private final Queue<Delivery> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private @Nullable ChatSession session;
    private long windowBytes;
    /** Someone has been told to wait for the queue to drain. */
    private volatile boolean awaited;
    /** Set once; what is queued is written before. */
    private volatile @Nullable Runnable ending;
    /** What is queued is not worth writing any more. */
    private volatile boolean abandoned;

    private boolean ended;

    GrpcOutlet(ServerCallStreamObserver<Message> call, ServiceRequestContext ctx, long maxQueuedBytes) {
        this.call = call;
        this.eventLoop = ctx.eventLoop().withoutContext();
        this.batches = ReadyFrames.of(ctx);
        this.maxQueuedBytes = maxQueuedBytes;
        call.setOnReadyHandler(() -> {
            windowBytes = 0;
            // From a stack of its own: Armeria calls this from within a write, and would again with each message that
            // is written here. A thousand overflow the stack, and the connection is closed.
            schedule();
        });
    }

    /** To be called once, before the session delivers history. */
    void start(ChatSession newSession) {
        session = newSession;
        call.setOnCancelHandler(newSession::close);
        call.setOnCloseHandler(newSession::close);
    }

    @Override
    public void deliver(Delivery delivery) {
        if (ending != null) {
            return;
        }
        var queued = queuedBytes.addAndGet(delivery.bytes());
        if (queued > maxQueuedBytes && queued > delivery.bytes()) {
            end(new ChatException(
                    Problem.SLOW_SUBSCRIBER,
                    "queue: " + queued + " bytes wait for this subscriber (expected: at most " + maxQueuedBytes
                            + "; read faster, then resume)"));
            return;
        }
        queue.add(delivery);
        schedule();
    }

    @Override
    public boolean isWritable() {
        if (hasRoom()) {
            return true;
        }
        awaited = true;
        // It may have drained before that was seen.
        return hasRoom();
    }

    private boolean hasRoom() {
        return queuedBytes.get() <= Math.min(WINDOW_BYTES, maxQueuedBytes / 2);
    }

    @Override
    public void end(ChatException reason) {
        if (reason.problem() == Problem.SLOW_SUBSCRIBER) {
            // It would not be read in time, and is in the history.
            abandoned = true;
        }
        end(() -> call.onError(StatusTable.grpcStatus(reason).asRuntimeException()));
    }

    /** Ends the call with OK after what was delivered before. */
    void complete() {
        end(call::onCompleted);
    }

    private void end(Runnable newEnding) {
        synchronized (this) {
            if (ending != null) {
                return;
            }
            ending = newEnding;
        }
        schedule();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            eventLoop.execute(() -> {
                scheduled.set(false);
                drain();
            });
        }
    }

    private void drain() {
        if (ended || call.isCancelled()) {
            queue.clear();
            return;
        }
        if (abandoned) {
            queue.clear();
        }
        while (windowBytes < WINDOW_BYTES || call.isReady()) {
            var bytes = write();
            if (bytes == 0) {
                break;
            }
            windowBytes += bytes;
            queuedBytes.addAndGet(-bytes);
        }
        if (queue.isEmpty() && ending != null) {
            ended = true;
            ending.run();
            if (session != null) {
                session.close();
            }
        } else if (awaited && hasRoom() && session != null) {
            awaited = false;
            eventLoop.execute(session::onWritable);
        }
    }

    /** Writes what is queued, as much as goes in one piece. Returns how many bytes that were; 0 if nothing is queued. */
    private int write() {
        var delivery = queue.poll();
        if (delivery == null) {
            return 0;
        }
        var bytes = delivery.bytes();
        if (batches == null) {
            call.onNext(delivery.message());
            return bytes;
        }
        var frames = new ArrayList<byte[]>();
        frames.add(delivery.as(ReadyFrames.FRAME));
        while (bytes < BATCH_BYTES && (delivery = queue.poll()) != null) {
            bytes += delivery.bytes();
            frames.add(delivery.as(ReadyFrames.FRAME));
        }
        batches.send(frames, call);
        return bytes;
    }
}

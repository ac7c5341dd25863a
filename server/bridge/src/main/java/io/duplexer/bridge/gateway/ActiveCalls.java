package io.duplexer.bridge.gateway;

import com.linecorp.armeria.common.CommonPools;
import io.duplexer.bridge.grpc.HttpStatusMapping;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The calls that have not ended, and what counts as one, of which there may be so many at once. Thread-safe. */
final class ActiveCalls {
    private static final Failure STOPPING = new Failure(HttpStatusMapping.UNAVAILABLE, "the gateway stops");

    private final int maximum;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<GatewayCall> calls = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ActiveCalls(int maximum) {
        this.maximum = maximum;
    }

    /** Returns null if there is room for one more, which is to {@linkplain #leave} again. */
    @Nullable
    Failure enter() {
        if (count.incrementAndGet() > maximum) {
            leave();
            return new Failure(
                    HttpStatusMapping.RESOURCE_EXHAUSTED,
                    "calls: too many at once (expected: at most " + maximum + "; try again)");
        }
        return null;
    }

    void leave() {
        count.decrementAndGet();
    }

    /** Returns null if there is room, and the call is to be {@linkplain #remove removed} again. */
    @Nullable
    Failure add(GatewayCall call) {
        var refusal = enter();
        if (refusal != null) {
            return refusal;
        }
        calls.add(call);
        if (closed) {
            remove(call);
            return STOPPING;
        }
        return null;
    }

    void remove(GatewayCall call) {
        calls.remove(call);
        leave();
    }

    int count() {
        return count.get();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nothing in it can fail.
    void endAllAfter(Duration gracePeriod) {
        CommonPools.workerGroup().next().schedule(this::endAll, gracePeriod.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void endAll() {
        closed = true;
        calls.forEach(call -> call.abort(STOPPING));
    }
}

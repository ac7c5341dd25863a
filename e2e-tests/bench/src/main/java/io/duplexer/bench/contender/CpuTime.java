package io.duplexer.bench.contender;

import java.time.Duration;

/** Processor time of a process, in its own code and in the kernel on its behalf. */
public record CpuTime(Duration user, Duration kernel) {
    public static final CpuTime ZERO = new CpuTime(Duration.ZERO, Duration.ZERO);

    public Duration total() {
        return user.plus(kernel);
    }

    public CpuTime minus(CpuTime earlier) {
        return new CpuTime(user.minus(earlier.user), kernel.minus(earlier.kernel));
    }
}

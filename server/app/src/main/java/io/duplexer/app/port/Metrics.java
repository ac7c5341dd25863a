package io.duplexer.app.port;

import com.linecorp.armeria.common.prometheus.PrometheusMeterRegistries;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.prometheus.PrometheusExpositionService;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.ToDoubleFunction;

/**
 * What a server counts, in the text format of Prometheus. Values are read when they are asked for, so that counting costs
 * nothing in between. Armeria adds its own: connections, event loops, memory.
 */
public final class Metrics {
    private final PrometheusMeterRegistry registry = PrometheusMeterRegistries.newRegistry();

    /**
     * What goes up and down.
     *
     * @param name such as {@code duplexer.chat.sessions}, which becomes {@code duplexer_chat_sessions}
     * @param source of the value, which lives as long as the server: it is not kept from being collected
     */
    public <T> Metrics gauge(String name, String description, T source, ToDoubleFunction<T> value) {
        Gauge.builder(name, source, value).description(description).register(registry);
        return this;
    }

    /**
     * What only goes up, from 0 at the start.
     *
     * @param name such as {@code duplexer.chat.messages}, which becomes {@code duplexer_chat_messages_total}
     * @param source as for {@link #gauge}
     */
    public <T> Metrics counter(String name, String description, T source, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, source, value).description(description).register(registry);
        return this;
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    HttpService exposition() {
        return PrometheusExpositionService.of(registry.getPrometheusRegistry());
    }
}

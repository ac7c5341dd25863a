package io.duplexer.app.gateway;

import com.linecorp.armeria.client.endpoint.dns.DnsQueryListener;
import io.netty.handler.codec.dns.DnsRecord;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log when the name of an upstream cannot be looked up, and when it can again. Asking again is Armeria's. */
final class NameLookUps implements DnsQueryListener {
    private static final Logger logger = LoggerFactory.getLogger(NameLookUps.class);

    private final String host;
    private volatile boolean failing;

    NameLookUps(String host) {
        this.host = host;
    }

    @Override
    public void onSuccess(List<DnsRecord> oldRecords, List<DnsRecord> newRecords, String logPrefix) {
        if (failing) {
            logger.warn("upstream {} can be looked up again", host);
        }
        failing = false;
    }

    @Override
    public void onFailure(
            List<DnsRecord> oldRecords, Throwable cause, String logPrefix, long delayMillis, int attemptsSoFar) {
        if (!failing) {
            logger.warn("upstream {} cannot be looked up; it is tried again and again", host);
        }
        failing = true;
        logger.debug("upstream {} cannot be looked up", host, cause);
    }
}

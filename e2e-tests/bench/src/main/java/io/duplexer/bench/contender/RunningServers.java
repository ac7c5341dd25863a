package io.duplexer.bench.contender;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Several contenders, all running; those that are not under load cost nothing. */
public final class RunningServers implements Iterable<RunningServer>, AutoCloseable {
    private final List<RunningServer> servers = new ArrayList<>();

    /** Starts them one after the other on the given processor. */
    public RunningServers(List<Contender> contenders, int processor) {
        try {
            contenders.forEach(contender -> servers.add(contender.start(processor)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public Iterator<RunningServer> iterator() {
        return servers.iterator();
    }

    @Override
    public void close() {
        servers.forEach(RunningServer::close);
    }
}

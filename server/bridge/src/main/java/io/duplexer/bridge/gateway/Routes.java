package io.duplexer.bridge.gateway;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which upstream serves a path: that of the longest prefix. Pure. */
final class Routes {
    private record Route(String prefix, Upstream upstream) {}

    private final List<Route> longestFirst;

    Routes(Map<String, Upstream> byPrefix) {
        longestFirst = byPrefix.entrySet().stream()
                .map(entry -> new Route(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(route -> -route.prefix().length()))
                .toList();
    }

    /** Returns null if none does. */
    @Nullable
    Upstream find(String path) {
        for (var route : longestFirst) {
            if (path.startsWith(route.prefix())) {
                return route.upstream();
            }
        }
        return null;
    }
}

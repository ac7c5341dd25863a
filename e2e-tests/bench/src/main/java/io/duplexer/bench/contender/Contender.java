package io.duplexer.bench.contender;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A server that takes part.
 *
 * @param name as the tables have it
 * @param command starts it; it prints {@code ready PORT} or an address with the port on its standard output
 */
public record Contender(String name, List<String> command) {
    /** The heap is the same for all, and one event loop for the one processor that they get, as the executable jar has it. */
    private static final List<String> JAVA =
            List.of("java", "-Xmx1g", "-XX:+UseSerialGC", "-Dcom.linecorp.armeria.numCommonWorkers=1");

    /** A main class of this module. */
    public static Contender java(String name, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(JAVA);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new Contender(name, command);
    }

    /** A program in {@code e2e-tests/bench/peers}. */
    public static Contender node(String name, String program) {
        return new Contender(
                name,
                List.of("node", directory().resolve("peers").resolve(program).toString()));
    }

    /** A shell script in {@code e2e-tests/bench/peers} that becomes the server. */
    public static Contender script(String name, String program, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("bash", directory().resolve("peers").resolve(program).toString()));
        command.addAll(List.of(arguments));
        return new Contender(name, command);
    }

    /** The executable jar with the chat in it. */
    public static Contender chat(String name, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--publish-rate", "0"));
        all.addAll(List.of(arguments));
        return jar(name, all.toArray(String[]::new));
    }

    /** The executable jar with the chat in it, its history in a directory. */
    public static Contender durableChat(String name, Path data, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--data", data.toString()));
        all.addAll(List.of(arguments));
        return chat(name, all.toArray(String[]::new));
    }

    /** The executable jar with these arguments. */
    public static Contender jar(String name, String... arguments) {
        List<String> command = new ArrayList<>(JAVA);
        Path jar = directory().resolve("../../server/app/target/duplexer.jar").normalize();
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--port", "0"));
        return new Contender(name, command);
    }

    /** The directory of this module, which {@code run} makes the current one. */
    private static Path directory() {
        return Path.of("").toAbsolutePath();
    }

    /** The same, its Java started with these flags too. */
    public Contender withJava(List<String> flags) {
        if (!command.get(0).equals("java")) {
            return this;
        }
        List<String> longer = new ArrayList<>(command);
        longer.addAll(JAVA.size(), flags); // Behind those of all, which they may take back.
        return new Contender(name, longer);
    }

    /** Starts it on the given processor alone. */
    public RunningServer start(int processor) {
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", String.valueOf(processor)));
        pinned.addAll(command);
        return new RunningServer(this, pinned);
    }
}

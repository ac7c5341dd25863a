package io.duplexer.app.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Refuses wrong values of options, with a text that names the option.
 *
 * @param spec of the command that the options belong to
 */
record Checks(CommandSpec spec) {
    void require(String option, int value, int minimum, int maximum) {
        if (value < minimum || value > maximum) {
            throw wrong(option, String.valueOf(value), minimum + " to " + maximum);
        }
    }

    void requireAtLeast(String option, Duration value, Duration minimum) {
        if (value.compareTo(minimum) < 0) {
            throw wrong(option, value.toMillis() + "ms", "at least " + minimum.toMillis() + "ms");
        }
    }

    void requireReadable(String option, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw wrong(option, file + " cannot be read", "a PEM file");
        }
    }

    /** A certificate and its key: both, as files that can be read, or neither. */
    void requirePair(String certificateOption, @Nullable Path certificate, String keyOption, @Nullable Path key) {
        if (certificate == null && key != null) {
            throw wrong(certificateOption, "missing", "the certificate that " + keyOption + " belongs to");
        }
        if (key == null && certificate != null) {
            throw wrong(keyOption, "missing", "the private key of " + certificateOption);
        }
        if (certificate != null && key != null) {
            requireReadable(certificateOption, certificate);
            requireReadable(keyOption, key);
        }
    }

    ParameterException wrong(String option, String value, String expected) {
        return new ParameterException(
                spec.commandLine(),
                option + ": " + value + " (expected: " + expected + ")",
                spec.findOption(option),
                value);
    }
}

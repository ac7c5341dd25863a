package io.duplexer.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What the command line says of itself. */
final class HelpTest {
    @Test
    void theHelpMentionsEveryOptionWithADescription() {
        var help = CommandLineRun.of("--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.err()).isEmpty();
        for (OptionSpec option : new CommandLine(new Options()).getCommandSpec().options()) {
            assertThat(help.out()).contains(option.longestName());
            assertThat(option.description()).as(option.longestName()).isNotEmpty();
        }
    }

    @Test
    void theHelpNamesTheDefaultOfEveryOptionThatHasOne() {
        var help = CommandLineRun.of("--help").out().replaceAll("\\s+", " ");

        for (OptionSpec option : new CommandLine(new Options()).getCommandSpec().options()) {
            if (option.defaultValue() != null) {
                assertThat(help).contains("Default: " + option.defaultValue());
            }
        }
    }

    @Test
    void theHelpFitsATerminalAndExplainsTheEnvironment() {
        var help = CommandLineRun.of("--help").out();

        assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        assertThat(help).contains("DUPLEXER_PORT", "DUPLEXER_MAX_QUEUED_BYTES", "The command line wins.");
    }

    @Test
    void theHelpIsThereEvenIfTheRestIsWrong() {
        assertThat(CommandLineRun.of("--help", Map.of("DUPLEXER_MAX_ROOMS", "0"))
                        .exitCode())
                .isZero();
    }

    @Test
    void theVersionNamesTheProgramAndJava() {
        var version = CommandLineRun.of("--version");

        assertThat(version.exitCode()).isZero();
        assertThat(version.out()).startsWith("duplexer ").contains("Java " + System.getProperty("java.version"));
    }

    @Test
    void whoeverAsksWronglyIsPointedToTheHelp() {
        assertThat(CommandLineRun.of("--what").err()).endsWith(". Try --help." + System.lineSeparator());
    }
}

package io.duplexer.app.cli;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Takes an option that the command line does not give from the environment: {@code --max-rooms} from {@code DUPLEXER_MAX_ROOMS}. */
record EnvironmentDefaults(Map<String, String> environment) implements IDefaultValueProvider {
    @Override
    public @Nullable String defaultValue(ArgSpec arg) {
        // Null leaves picocli with the default of the option itself.
        return arg instanceof OptionSpec option && isSetting(option) ? environment.get(variable(option)) : null;
    }

    /** Not so --help and --version: {@code DUPLEXER_VERSION} is a likely name for what somebody deploys. */
    private static boolean isSetting(OptionSpec option) {
        return !option.usageHelp() && !option.versionHelp();
    }

    static String variable(OptionSpec option) {
        return "DUPLEXER_"
                + option.longestName().replaceFirst("^--", "").replace('-', '_').toUpperCase(Locale.ROOT);
    }
}

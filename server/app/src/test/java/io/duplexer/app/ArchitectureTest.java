package io.duplexer.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The arrows of the design: the command line -> the chat server and the gateway -> the port; the chat server -> transport ->
 * chat -> history; the app -> the bridge.
 */
@AnalyzeClasses(
        packages = {"io.duplexer.app", "io.duplexer.bridge"},
        importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule arrowsPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("program")
            .definedBy("io.duplexer.app")
            .layer("cli")
            .definedBy("io.duplexer.app.cli")
            .layer("server")
            .definedBy("io.duplexer.app.server")
            .layer("gateway")
            .definedBy("io.duplexer.app.gateway")
            .layer("port")
            .definedBy("io.duplexer.app.port")
            .layer("reflection")
            .definedBy("io.duplexer.app.reflection..")
            .layer("transport")
            .definedBy("io.duplexer.app.transport..")
            .layer("chat")
            .definedBy("io.duplexer.app.chat..")
            .layer("history")
            .definedBy("io.duplexer.app.history..")
            .layer("bridge")
            .definedBy("io.duplexer.bridge..")
            .whereLayer("program")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("cli")
            .mayOnlyBeAccessedByLayers("program")
            .whereLayer("server")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("gateway")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("port")
            .mayOnlyBeAccessedByLayers("cli", "server", "gateway")
            .whereLayer("reflection")
            .mayOnlyBeAccessedByLayers("gateway")
            .whereLayer("transport")
            .mayOnlyBeAccessedByLayers("server")
            .whereLayer("chat")
            .mayOnlyBeAccessedByLayers("cli", "server", "transport")
            .whereLayer("history")
            .mayOnlyBeAccessedByLayers("cli", "server", "transport", "chat")
            .whereLayer("bridge")
            .mayOnlyBeAccessedByLayers("cli", "server", "gateway", "port", "transport");

    @ArchTest
    static final ArchRule everyPackageOfTheAppHasItsPlaceInTheArrows = classes()
            .that()
            .resideInAPackage("io.duplexer.app..")
            .should()
            .resideInAnyPackage(
                    "io.duplexer.app",
                    "io.duplexer.app.cli",
                    "io.duplexer.app.server",
                    "io.duplexer.app.gateway",
                    "io.duplexer.app.port",
                    "io.duplexer.app.reflection..",
                    "io.duplexer.app.transport..",
                    "io.duplexer.app.chat..",
                    "io.duplexer.app.history..");

    @ArchTest
    static final ArchRule theBridgeKnowsNeitherTheAppNorItsMessages = noClasses()
            .that()
            .resideInAPackage("io.duplexer.bridge..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.duplexer.app..", "io.duplexer.chat..");

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("io.duplexer.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theChatAndItsHistoryKnowNoTransport = noClasses()
            .that()
            .resideInAnyPackage("io.duplexer.app.chat..", "io.duplexer.app.history..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "com.linecorp.armeria..",
                    "io.grpc..",
                    "io.netty..",
                    "org.eclipse.jetty..",
                    "com.fasterxml.jackson..",
                    "picocli..");

    /** The message type, which is what the packages have in common, comes in one file with the generated service. */
    @ArchTest
    static final ArchRule theChatAndItsHistoryKnowNoGeneratedService = noClasses()
            .that()
            .resideInAnyPackage("io.duplexer.app.chat..", "io.duplexer.app.history..")
            .should()
            .dependOnClassesThat()
            .haveSimpleNameStartingWith("ChatServiceGrpc");
}

package io.duplexer.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of the design: the top of the app -> transport -> chat -> history, and the app -> the bridge. */
@AnalyzeClasses(
        packages = {"io.duplexer.app", "io.duplexer.bridge"},
        importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule arrowsPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("top")
            .definedBy("io.duplexer.app")
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
            .whereLayer("top")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("reflection")
            .mayOnlyBeAccessedByLayers("top")
            .whereLayer("transport")
            .mayOnlyBeAccessedByLayers("top")
            .whereLayer("chat")
            .mayOnlyBeAccessedByLayers("top", "transport")
            .whereLayer("history")
            .mayOnlyBeAccessedByLayers("top", "transport", "chat")
            .whereLayer("bridge")
            .mayOnlyBeAccessedByLayers("top", "transport");

    @ArchTest
    static final ArchRule everyPackageOfTheAppHasItsPlaceInTheArrows = classes()
            .that()
            .resideInAPackage("io.duplexer.app..")
            .should()
            .resideInAnyPackage(
                    "io.duplexer.app",
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

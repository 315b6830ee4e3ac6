package baton.protocol.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may import whom in the protocol module. */
class ImportRulesTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("baton.protocol");

  private static final String JAVA = "java..";

  private static void onlySees(String subject, String... allowed) {
    classes()
        .that()
        .resideInAPackage(subject)
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed))
        .check(CLASSES);
  }

  @Test
  void typesStandAlone() {
    onlySees("baton.protocol.type..", "baton.protocol.type..", JAVA);
    onlySees("baton.protocol.error..", "baton.protocol.error..", "baton.protocol.type..", JAVA);
  }

  @Test
  void valuesKnowTypesAlone() {
    onlySees("baton.protocol.message..", "baton.protocol.message..", "baton.protocol.type..", JAVA);
  }

  @Test
  void codecsKnowValuesAndBuffers() {
    onlySees(
        "baton.protocol.buffer..",
        "baton.protocol.buffer..",
        "baton.protocol.type..",
        "io.netty.buffer..",
        JAVA);
    onlySees(
        "baton.protocol.wire..",
        "baton.protocol.wire..",
        "baton.protocol.buffer..",
        "baton.protocol.message..",
        "baton.protocol.state..",
        "baton.protocol.type..",
        JAVA);
  }

  @Test
  void nettyStaysInTheFraming() {
    noClasses()
        .that()
        .resideOutsideOfPackages("baton.protocol.net..", "baton.protocol.buffer..")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are of Netty", (JavaClass type) -> type.getPackageName().startsWith("io.netty")))
        .check(CLASSES);
  }

  @Test
  void nativeCodeStaysInAuthentication() {
    noClasses()
        .that()
        .resideOutsideOfPackage("baton.protocol.auth..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.sun.jna..")
        .check(CLASSES);
  }

  @Test
  void valuesAndCodecsAreFreeOfTimeChanceAndThreads() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "baton.protocol.type..",
            "baton.protocol.error..",
            "baton.protocol.message..",
            "baton.protocol.wire..",
            "baton.protocol.buffer..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Random")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.time.Clock")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.Thread")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.nio.file..", "java.net..", "java.util.concurrent..", "org.slf4j..")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("baton.protocol.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}

package baton.controller.replication;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** Libraries stay in the one package that hides each (ADR 0020, ADR 0022). */
final class BoundaryTest {

  private static final JavaClasses CONTROLLER =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("baton.controller");

  @Test
  void ratisStaysInReplication() {
    onlyIn("org.apache.ratis..", "baton.controller.replication..").check(CONTROLLER);
  }

  @Test
  void connectionsStayInPeer() {
    onlyIn("io.netty.channel..", "baton.controller.replication.peer").check(CONTROLLER);
    onlyIn("io.netty.handler..", "baton.controller.replication.peer").check(CONTROLLER);
  }

  @Test
  void pcollectionsStaysInCollection() {
    onlyIn("org.pcollections..", "baton.controller.model.collection").check(CONTROLLER);
  }

  @Test
  void theRulesFindSomething() {
    assertFalse(CONTROLLER.isEmpty());
    assertThrows(
        AssertionError.class, () -> onlyIn("org.apache.ratis..", "nowhere").check(CONTROLLER));
    assertThrows(
        AssertionError.class, () -> onlyIn("org.pcollections..", "nowhere").check(CONTROLLER));
  }

  @Test
  void theAdapterKnowsNothingOfJobs() {
    classes()
        .that()
        .resideInAnyPackage("baton.controller.replication", "baton.controller.snapshot")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "baton.controller.replication",
            "baton.controller.snapshot",
            "baton.controller.fault",
            "baton.controller.model",
            "java..",
            "org.slf4j..",
            "org.apache.ratis..")
        .check(CONTROLLER);
    noClasses()
        .that()
        .resideInAPackage("baton.controller.replication")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("baton.controller.model.ClusterState")
        .check(CONTROLLER);
  }

  private static ArchRule onlyIn(String library, String home) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(home)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }
}

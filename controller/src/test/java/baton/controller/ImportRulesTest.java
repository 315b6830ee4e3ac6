package baton.controller;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Who may import whom, and what the pure packages may not touch. */
class ImportRulesTest {
  private static final String[] PURE = {
    "baton.controller.model..",
    "baton.controller.command..",
    "baton.controller.lifecycle..",
    "baton.controller.effect..",
    "baton.controller.apply..",
    "baton.controller.scheduler..",
    "baton.controller.query..",
  };

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("baton.controller");

  @Test
  void purePackagesDoNoInputOrOutput() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "java.io..",
                "java.nio.file..",
                "java.nio.channels..",
                "java.net..",
                "java.util.logging..",
                "org.slf4j..",
                "io.netty..",
                "org.apache.ratis..",
                "java.util.concurrent.."));
  }

  @Test
  void purePackagesReadNoClockAndNoRandomSource() {
    ArchRule rule =
        noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "getProperty", String.class)
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Random.class, Clock.class, Thread.class, ThreadLocalRandom.class);
    check(rule);
  }

  @Test
  void applyKnowsAPlanOnlyAsACommand() {
    check(
        noClasses()
            .that()
            .resideInAPackage("baton.controller.apply..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("baton.controller.scheduler..", "baton.controller.query.."));
  }

  @Test
  void theModelKnowsNobody() {
    check(
        noClasses()
            .that()
            .resideInAPackage("baton.controller.model..")
            .should()
            .dependOnClassesThat(
                DescribedPredicate.describe(
                    "belong to another package of the controller",
                    (JavaClass other) ->
                        other.getPackageName().startsWith("baton.controller")
                            && !other.getPackageName().startsWith("baton.controller.model"))));
  }

  @Test
  void wireRecordsStayOutOfTheModelAndItsRules() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                "baton.controller.model..",
                "baton.controller.command..",
                "baton.controller.lifecycle..",
                "baton.controller.apply..",
                "baton.controller.scheduler..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "baton.protocol.message..", "baton.protocol.wire..", "baton.protocol.net.."));
  }

  @Test
  void ratisStaysInReplication() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("baton.controller.replication..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.ratis.."));
  }

  @Test
  void onlyTheEdgesCallApply() {
    Set<String> callers =
        Set.of(
            "baton.controller.apply",
            "baton.controller.journal",
            "baton.controller.rpc",
            "baton.controller.dispatch",
            "baton.controller.main");
    check(
        ArchRuleDefinition.classes()
            .that()
            .resideInAPackage("baton.controller.apply..")
            .should()
            .onlyHaveDependentClassesThat(
                DescribedPredicate.describe(
                    "are edges",
                    (JavaClass other) ->
                        callers.stream().anyMatch(other.getPackageName()::startsWith))));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(false).check(CLASSES);
  }
}

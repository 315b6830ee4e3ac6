package baton.importer.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may import whom in the importer. */
class ImportRulesTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("baton.importer");

  private static void onlySees(String subject, String... allowed) {
    classes()
        .that()
        .resideInAPackage(subject)
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed))
        .check(CLASSES);
  }

  @Test
  void formatsKnowTheProtocolAlone() {
    onlySees(
        "baton.importer.state..",
        "baton.importer.state..",
        "baton.protocol.state..",
        "baton.protocol.wire..",
        "baton.protocol.buffer..",
        "baton.protocol.type..",
        "java..");
  }

  @Test
  void readingAndWritingDoNotMeet() {
    for (String side : new String[] {"baton.importer.read..", "baton.importer.write.."}) {
      onlySees(
          side, side, "baton.importer.state..", "baton.protocol..", "io.netty.buffer..", "java..");
    }
  }

  @Test
  void theMapIsPure() {
    onlySees(
        "baton.importer.map..",
        "baton.importer.map..",
        "baton.importer.state..",
        "baton.controller.model..",
        "baton.controller.lifecycle..",
        "baton.controller.query..",
        "baton.protocol.message..",
        "baton.protocol.state..",
        "baton.protocol.type..",
        "java.lang..",
        "java.time..",
        "java.util..");
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("baton.importer.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}

package baton.controller.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.type.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfKeysTest {
  private static final Path PAGE = Path.of("../docs/reference/slurm-conf-keys.md");

  @Test
  void defaultsDependOnTheRelease() {
    ConfKey treeWidth = ConfKeys.get().find(ConfSection.TOP, "treewidth").orElseThrow();
    assertEquals("50", treeWidth.defaultFor(Release.V23_02));
    assertEquals("16", treeWidth.defaultFor(Release.V23_11));
    ConfKey taskPlugin = ConfKeys.get().find(ConfSection.TOP, "TaskPlugin").orElseThrow();
    assertEquals("task/none", taskPlugin.defaultFor(Release.V22_05));
    assertNull(taskPlugin.defaultFor(Release.V24_11));
    ConfKey options = ConfKeys.get().find(ConfSection.TOP, "InteractiveStepOptions").orElseThrow();
    assertEquals("--interactive --preserve-env --pty $SHELL", options.defaultFor(Release.V24_11));
  }

  @Test
  void defaultsOfNumbersAreNumbers() {
    ConfValues values = new ConfValues(new ConfTable(new ConfProblems()));
    for (ConfKey key : ConfKeys.get().all()) {
      boolean number =
          key.type() == ConfKey.Type.U16
              || key.type() == ConfKey.Type.U32
              || key.type() == ConfKey.Type.U64
              || key.type() == ConfKey.Type.BOOLEAN;
      boolean text = key.name().equals("UnkillableStepTimeout");
      if (number && key.section() == ConfSection.TOP && !text) {
        for (Release release : Release.values()) {
          values.number(key.name(), release);
        }
      }
    }
  }

  @Test
  void everyKeyHasReleasesAndEveryAcceptedOneAReason() {
    for (ConfKey key : ConfKeys.get().all()) {
      assertFalse(ConfKey.releasesIn(key.releases()).isEmpty(), key.name());
      boolean accepted = key.status() == ConfKey.Status.ACCEPTED;
      assertTrue(!accepted || !key.note().isEmpty(), key.name());
    }
  }

  @Test
  void referencePageIsCurrent() throws IOException {
    String page = page();
    if (Boolean.getBoolean("baton.docs.write")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }
    assertTrue(Files.exists(PAGE), "missing; run this test with -Dbaton.docs.write=true");
    assertEquals(
        page,
        Files.readString(PAGE),
        "docs/reference/slurm-conf-keys.md is old; run this test with -Dbaton.docs.write=true");
  }

  private static String page() {
    Map<ConfKey.Status, Integer> count = new EnumMap<>(ConfKey.Status.class);
    for (ConfKey key : ConfKeys.get().all()) {
      count.merge(key.status(), 1, Integer::sum);
    }
    StringBuilder page = new StringBuilder();
    page.append("# Keys of slurm.conf\n\n")
        .append("Printed from `slurm-conf-keys.tsv`; change it there.\n\n")
        .append(
            "All keys of Slurm 22.05 to 26.05. *honoured*: has its effect in Baton. *accepted*:")
        .append(" the controller need not do\nanything about it. *not-yet*: without effect so far;")
        .append(" named at start where slurm.conf sets it.\n\n")
        .append(count.get(ConfKey.Status.HONOURED))
        .append(" honoured, ")
        .append(count.get(ConfKey.Status.ACCEPTED))
        .append(" accepted, ")
        .append(count.get(ConfKey.Status.NOT_YET))
        .append(" not yet.\n");
    for (ConfSection section : ConfSection.values()) {
      String title = section == ConfSection.TOP ? "The cluster" : section.firstKey() + " lines";
      page.append("\n## ")
          .append(title)
          .append("\n\n")
          .append("| key | releases | type | default | status | note |\n")
          .append("|---|---|---|---|---|---|\n");
      for (ConfKey key : ConfKeys.get().all()) {
        if (key.section() == section) {
          page.append(row(key));
        }
      }
    }
    return page.toString();
  }

  private static String row(ConfKey key) {
    String type = key.type().name().toLowerCase(java.util.Locale.ROOT);
    String defaults = key.defaults().isEmpty() ? "" : "`" + key.defaults() + "`";
    return String.format(
        "| %s | %s | %s | %s | %s | %s |%n",
        key.name(), key.releases(), type, defaults, key.status().label(), key.note());
  }
}

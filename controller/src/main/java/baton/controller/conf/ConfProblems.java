package baton.controller.conf;

import baton.controller.conf.ConfProblem.Severity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Gathers problems while files are read. Not for use by several threads. */
final class ConfProblems {
  private static final int MAX_PROBLEMS = 1000;

  private final List<ConfProblem> problems = new ArrayList<>();
  private final Set<String> reportedKeys = new HashSet<>();
  private boolean refused;

  void error(ConfLine line, String message) {
    add(Severity.ERROR, line.file(), line.number(), message);
  }

  void warning(ConfLine line, String message) {
    add(Severity.WARNING, line.file(), line.number(), message);
  }

  void error(Path file, String message) {
    add(Severity.ERROR, file, 0, message);
  }

  void warning(Path file, String message) {
    add(Severity.WARNING, file, 0, message);
  }

  /** Notes something about a key, the first time only. */
  void noteKey(ConfLine line, ConfSection section, String key, String message) {
    if (reportedKeys.add(section + " " + key.toLowerCase(Locale.ROOT))) {
      add(Severity.NOTE, line.file(), line.number(), message);
    }
  }

  boolean refused() {
    return refused;
  }

  List<ConfProblem> all() {
    return List.copyOf(problems);
  }

  private void add(Severity severity, Path file, int line, String message) {
    refused |= severity == Severity.ERROR;
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(new ConfProblem(severity, file, line, message));
    }
  }
}

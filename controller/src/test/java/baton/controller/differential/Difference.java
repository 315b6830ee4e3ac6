package baton.controller.differential;

import java.util.ArrayList;
import java.util.List;

/**
 * What one command printed in one run only.
 *
 * @param expected lines that slurmctld's client printed and the other did not
 * @param actual lines of the other alone
 */
record Difference(Played played, List<String> expected, List<String> actual) {
  private static final String ORDER = "the same lines in another order";

  static Difference between(Played expected, Played actual) {
    List<String> onlyExpected = without(expected.lines(), actual.lines());
    List<String> onlyActual = without(actual.lines(), expected.lines());
    if (onlyExpected.isEmpty()
        && onlyActual.isEmpty()
        && !expected.lines().equals(actual.lines())) {
      onlyActual = List.of(ORDER);
    }
    return new Difference(expected, onlyExpected, onlyActual);
  }

  boolean isNone() {
    return expected.isEmpty() && actual.isEmpty();
  }

  private static List<String> without(List<String> lines, List<String> others) {
    List<String> left = new ArrayList<>(others);
    List<String> only = new ArrayList<>();
    for (String line : lines) {
      if (!left.remove(line)) {
        only.add(line);
      }
    }
    return List.copyOf(only);
  }
}

package baton.controller.differential;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares two played sessions: {@code CompareSessions EXPECTED ACTUAL ACCEPTED}. Prints each
 * difference and a table; exit code 3 when one is not accepted, or an accepted one did not occur.
 */
public final class CompareSessions {
  private static final int EXIT_DIFFERENCES = 3;

  private final AcceptedDifferences accepted;
  private final Map<String, int[]> countsByProgram = new TreeMap<>();
  private int refused;

  private CompareSessions(AcceptedDifferences accepted) {
    this.accepted = accepted;
  }

  /** An unreadable capture or list throws. */
  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      System.err.println("usage: CompareSessions EXPECTED ACTUAL ACCEPTED");
      System.exit(2);
    }
    CompareSessions comparison = new CompareSessions(AcceptedDifferences.read(Path.of(args[2])));
    boolean same = comparison.compare(Played.read(Path.of(args[0])), Played.read(Path.of(args[1])));
    System.exit(same ? 0 : EXIT_DIFFERENCES);
  }

  private boolean compare(List<Played> expected, List<Played> actual) {
    if (expected.size() != actual.size()) {
      System.out.println(
          "one side played " + expected.size() + " commands, the other " + actual.size());
      return false;
    }
    for (int i = 0; i < expected.size(); i++) {
      compare(Difference.between(expected.get(i), actual.get(i)));
    }
    for (String row : accepted.unused()) {
      System.out.println("listed, but does not occur: " + row);
    }
    printTable(expected.size());
    return refused == 0 && accepted.unused().isEmpty();
  }

  private void compare(Difference difference) {
    int[] counts =
        countsByProgram.computeIfAbsent(difference.played().program(), program -> new int[3]);
    if (difference.isNone()) {
      counts[0]++;
    } else if (accepted.covers(difference)) {
      counts[1]++;
    } else {
      counts[2]++;
      refused++;
      print(difference);
    }
  }

  private static void print(Difference difference) {
    System.out.println(difference.played().number() + " " + difference.played().command());
    difference.expected().forEach(line -> System.out.println("  slurmctld: " + line));
    difference.actual().forEach(line -> System.out.println("  here:      " + line));
  }

  private void printTable(int commands) {
    System.out.printf("%n%-12s %8s %8s %8s%n", "program", "equal", "accepted", "DIFFER");
    countsByProgram.forEach(
        (program, counts) ->
            System.out.printf("%-12s %8d %8d %8d%n", program, counts[0], counts[1], counts[2]));
    System.out.printf(
        "%d commands, %d differ without being listed, %d listed in vain%n",
        commands, refused, accepted.unused().size());
  }
}

package baton.controller.differential;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares played sessions: {@code CompareSessions RELEASE all|some ACCEPTED RESULTS TOPIC...}.
 * Prints each difference and a table; exit code 3 when one is not accepted, or, of all topics, an
 * accepted one did not occur.
 */
public final class CompareSessions {
  private static final int EXIT_DIFFERENCES = 3;

  /** Arguments before the topics. */
  private static final int FIRST_TOPIC = 4;

  private final AcceptedDifferences accepted;
  private final Map<String, int[]> countsByProgram = new TreeMap<>();
  private int refused;
  private int commands;

  private CompareSessions(AcceptedDifferences accepted) {
    this.accepted = accepted;
  }

  /** An unreadable capture or list throws. */
  public static void main(String[] args) throws IOException {
    if (args.length <= FIRST_TOPIC) {
      System.err.println("usage: CompareSessions RELEASE all|some ACCEPTED RESULTS TOPIC...");
      System.exit(2);
    }
    AcceptedDifferences accepted = AcceptedDifferences.read(Path.of(args[2]), args[0]);
    CompareSessions comparison = new CompareSessions(accepted);
    boolean same = true;
    for (int i = FIRST_TOPIC; i < args.length; i++) {
      Path topic = Path.of(args[3]).resolve(args[i]);
      List<Played> expected = Played.read(args[i], topic.resolve("expected"));
      same &= comparison.compare(expected, Played.read(args[i], topic.resolve("actual")));
    }
    same &= comparison.finish(args[1].equals("all"));
    System.exit(same ? 0 : EXIT_DIFFERENCES);
  }

  private boolean compare(List<Played> expected, List<Played> actual) {
    if (expected.size() != actual.size()) {
      System.out.println(
          "one side played " + expected.size() + " commands, the other " + actual.size());
      return false;
    }
    commands += expected.size();
    for (int i = 0; i < expected.size(); i++) {
      compare(Difference.between(expected.get(i), actual.get(i)));
    }
    return true;
  }

  /** Says how it went; rows of the list must all have been needed when all topics were played. */
  private boolean finish(boolean all) {
    List<String> unused = all ? accepted.unused() : List.of();
    for (String row : unused) {
      System.out.println("listed, but does not occur: " + row);
    }
    printTable(unused.size());
    return refused == 0 && unused.isEmpty();
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

  private void printTable(int inVain) {
    System.out.printf("%n%-12s %8s %8s %8s%n", "program", "equal", "accepted", "DIFFER");
    countsByProgram.forEach(
        (program, counts) ->
            System.out.printf("%-12s %8d %8d %8d%n", program, counts[0], counts[1], counts[2]));
    System.out.printf(
        "%d commands, %d differ without being listed, %d listed in vain%n",
        commands, refused, inVain);
  }
}

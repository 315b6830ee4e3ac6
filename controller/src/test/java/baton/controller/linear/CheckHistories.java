package baton.controller.linear;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code CheckHistories FILE...}: says of each history whether it is linearizable. Exit code 0 when
 * all are, 3 when one is not, 2 when one cannot be read.
 */
public final class CheckHistories {
  private static final int EXIT_UNREADABLE = 2;
  private static final int EXIT_REJECTED = 3;

  /** The search goes one call deeper for each operation of a job. */
  private static final long STACK_BYTES = 64L << 20;

  private CheckHistories() {}

  /** See the class. */
  public static void main(String[] files) throws InterruptedException {
    int[] status = new int[1];
    Thread checker = new Thread(null, () -> status[0] = check(files), "checker", STACK_BYTES);
    checker.start();
    checker.join();
    System.exit(status[0]);
  }

  private static int check(String... files) {
    int rejected = 0;
    for (String file : files) {
      try {
        History history = History.read(Path.of(file));
        List<String> faults = history.faults();
        System.out.printf(
            "%s: %s (%d operations on %d jobs, %d unanswered, %d turned away)%n",
            file,
            faults.isEmpty() ? "accepted" : "REJECTED",
            history.lines(),
            history.jobs().size(),
            history.unanswered(),
            history.turnedAway());
        faults.forEach(System.out::println);
        rejected += faults.isEmpty() ? 0 : 1;
      } catch (IOException | HistoryFormatException wrong) {
        System.err.println(file + ": " + wrong.getMessage());
        return EXIT_UNREADABLE;
      }
    }
    return rejected == 0 ? 0 : EXIT_REJECTED;
  }
}

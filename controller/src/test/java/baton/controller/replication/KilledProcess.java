package baton.controller.replication;

import baton.controller.fault.ProcessFaultHandler;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * A process for {@link KillTest} to kill. Several submitters append lines "run:submitter:sequence";
 * each acknowledged line is printed, one write each, so that what the parent reads was
 * acknowledged.
 */
final class KilledProcess {

  /** What a whole printed line ends in. */
  static final String END_OF_LINE = " acknowledged";

  private static final int SUBMITTERS = 4;
  private static final int EACH_UNDER_WAY = 8;

  private KilledProcess() {}

  /** Runs until killed. Arguments: the directory, and the number of the run. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    String run = arguments[1];
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    ReplicationSettings settings =
        ReplicationSettings.alone(directory, "test").withSnapshots(2000, 2);
    Replicator<Notebook.Page, Long, String> replicator =
        Replicator.start(settings, new Notebook(), new ProcessFaultHandler());
    if (!replicator.awaitLeading(Duration.ofSeconds(60))) {
      throw new IllegalStateException("it does not lead");
    }
    for (int submitter = 0; submitter < SUBMITTERS; submitter++) {
      String name = run + ":" + submitter;
      new Thread(() -> submitWithoutEnd(replicator, name, out), name).start();
    }
  }

  private static void submitWithoutEnd(
      Replicator<Notebook.Page, Long, String> replicator, String name, PrintStream out) {
    Semaphore room = new Semaphore(EACH_UNDER_WAY);
    for (long sequence = 0; ; sequence++) {
      String line = name + ":" + sequence;
      room.acquireUninterruptibly();
      replicator
          .submit(Notebook.append(line))
          .thenAccept(
              submission -> {
                if (submission instanceof Submission.Committed<Long>) {
                  out.println(line + END_OF_LINE);
                }
                room.release();
              });
    }
  }
}

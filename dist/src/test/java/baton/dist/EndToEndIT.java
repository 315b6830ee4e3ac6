package baton.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The built distribution with real munged, slurmd and clients. Each test is a script that a person
 * can run as well, and that cleans up after itself; what it prints is the evidence. Those that wait
 * for the clock most of their minutes run beside the others.
 */
class EndToEndIT {
  private static final Path TOP = Path.of("").toAbsolutePath().getParent();

  /** What bin/differential exits with when it found some. */
  private static final int DIFFERENCES = 3;

  private static final List<String> TOPICS =
      List.of(
          "allocations",
          "arrays",
          "batch",
          "constraints",
          "dependencies",
          "errors",
          "expand",
          "features",
          "het",
          "idle",
          "life",
          "limits",
          "nodes",
          "partitions",
          "placement",
          "questions",
          "steps",
          "updates");

  /** Some eighty controllers are started here; with it each takes half the processor time. */
  @BeforeAll
  static void classesOfAController() throws Exception {
    run(10, "bin/lib/class-archive");
  }

  @Test
  void batchJobsOnRealSlurmdThroughAKillMinusNine() throws Exception {
    run(20, "bin/demo");
  }

  @Test
  void clientsAndNodesOfThreeReleasesAtOnce() throws Exception {
    run(20, "bin/lib/mixed");
  }

  @Test
  void allocationsOfThreeReleases() throws Exception {
    run(20, "bin/lib/allocations");
  }

  @Test
  void jobArraysThroughAKillMinusNine() throws Exception {
    run(20, "bin/lib/arrays");
  }

  @Test
  void whatHappensToJobsBetweenSubmissionAndEnd() throws Exception {
    run(20, "bin/lib/life");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void jobsOfScrontab() throws Exception {
    run(20, "bin/lib/crontab");
  }

  @Test
  void theWindowProgram() throws Exception {
    run(20, "bin/lib/sview", "--seconds", "20");
  }

  @Test
  void stepsOfThreeReleases() throws Exception {
    run(20, "bin/lib/steps");
  }

  @Test
  void anAdministratorsDay() throws Exception {
    run(20, "bin/lib/cluster-life");
  }

  /**
   * Played twice when something differs: what is Baton's doing differs again, what hung on who was
   * quicker on a machine that stalled does not. The first one's output says what it was.
   */
  @Test
  void clientsPrintTheSameAsWithSlurmctld() throws Exception {
    List<String> words = new ArrayList<>(List.of("bin/differential"));
    words.addAll(TOPICS);
    String[] command = words.toArray(new String[0]);
    Outcome outcome = play(30, command);
    if (outcome.status() == DIFFERENCES) {
      System.out.println("differences: the topics are played once more");
      outcome = play(30, command);
    }
    outcome.assertDone();
  }

  @Test
  void nothingIsLostWhileControllersComeAndGo() throws Exception {
    run(20, "bin/lib/soak", "2");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void whatBecomesOfNodes() throws Exception {
    run(20, "bin/lib/node-life");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aDiskThatIsFull() throws Exception {
    run(20, "bin/lib/drill-disk");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aGroupOfThreeControllers() throws Exception {
    run(20, "bin/lib/group");
  }

  /** Times are printed, not judged; that nothing is lost, doubled or said to clients is. */
  @Test
  void theLeaderOfThreeIsKilled() throws Exception {
    run(20, "bin/lib/drill-failover", "5");
  }

  @Test
  void mpiPrograms() throws Exception {
    run(20, "bin/lib/mpi");
  }

  private static void run(long minutes, String... words) throws Exception {
    play(minutes, words).assertDone();
  }

  /** What became of a script: its exit code, and all that it said. */
  private record Outcome(int status, String said) {
    void assertDone() {
      assertEquals(0, status, () -> tail(said));
    }
  }

  private static Outcome play(long minutes, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(words));
    command.set(0, TOP.resolve(words[0]).toString());
    Path output = Files.createTempFile("baton-e2e", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(TOP.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(minutes, TimeUnit.MINUTES);
      if (!ended) {
        process.destroy();
        process.waitFor(1, TimeUnit.MINUTES);
      }
      String said = Files.readString(output);
      System.out.println(said);
      assertTrue(ended, () -> words[0] + " did not end within " + minutes + " minutes");
      return new Outcome(process.exitValue(), said);
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static String tail(String said) {
    List<String> lines = said.lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 25), lines.size()));
  }
}

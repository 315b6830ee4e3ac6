package baton.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

  @Test
  void clientsPrintTheSameAsWithSlurmctld() throws Exception {
    run(
        30,
        "bin/differential",
        "allocations",
        "arrays",
        "batch",
        "dependencies",
        "errors",
        "het",
        "idle",
        "life",
        "limits",
        "nodes",
        "placement",
        "steps",
        "updates");
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
  void mpiPrograms() throws Exception {
    run(20, "bin/lib/mpi");
  }

  private static void run(long minutes, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(words));
    command.set(0, TOP.resolve(words[0]).toString());
    Path output = Files.createTempFile("baton-e2e", ".log");
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
    assertEquals(0, process.exitValue(), () -> tail(said));
    delete(output);
  }

  private static String tail(String said) {
    List<String> lines = said.lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 25), lines.size()));
  }

  private static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }
}

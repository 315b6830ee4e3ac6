package baton.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code baton import} says of states that real slurmctlds left behind, whole and damaged. */
final class ImportCommandTest {
  private static final Path FIXTURES = Path.of("../importer/src/test/state");

  @TempDir Path directory;

  private StringWriter out;
  private StringWriter err;
  private Path conf;

  @BeforeEach
  void configure() throws IOException {
    conf = directory.resolve("slurm.conf");
    configure("state2411");
  }

  private void configure(String cluster) throws IOException {
    Files.writeString(
        conf,
        "ClusterName="
            + cluster
            + "\nSlurmctldHost=ctl\nSlurmUser=root\nNodeName=n[1-4]\n"
            + "PartitionName=main Nodes=ALL\n");
  }

  private int run(Path state, String... more) {
    out = new StringWriter();
    err = new StringWriter();
    CommandLine commandLine = Baton.commandLine();
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    String[] first = {"import", "--slurm-conf", conf.toString(), "--state", state.toString()};
    return commandLine.execute(
        Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray(String[]::new));
  }

  private Path copy(String release) throws IOException {
    Path from = FIXTURES.resolve(release);
    Path to = directory.resolve("state");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
    return to;
  }

  @Test
  void whatIsWholeIsCounted() {
    assertEquals(ExitCode.DONE, run(FIXTURES.resolve("24.11"), "--strict"), () -> "" + err + out);
    String text = out.toString();
    assertTrue(text.contains("cluster: state2411\nrelease: 24.11\n"), text);
    assertTrue(
        text.contains("2 arrays, 2 cancelled, 6 complete, 1 failed, 2 heterogeneous, 45 jobs"),
        text);
    assertTrue(text.contains("5 partitions"), text);
    assertTrue(text.contains("2 reservations"), text);
    assertTrue(text.contains("38 environments, 38 scripts"), text);
    assertTrue(text.contains("1 crontabs"), text);
    assertTrue(text.contains("no damage was found"), text);
  }

  @Test
  void theSameForPrograms() {
    assertEquals(ExitCode.DONE, run(FIXTURES.resolve("24.11"), "--json"));
    String text = out.toString();
    assertTrue(text.startsWith("{\"cluster\": \"state2411\", \"release\": \"24.11\""), text);
    assertTrue(text.contains("{\"file\": \"resv_state\", \"release\": \"24.11\""), text);
    assertTrue(text.endsWith("\"faults\": []}" + System.lineSeparator()), text);
  }

  @Test
  void damageIsToldAndRefusedIfStrict() throws IOException {
    Path state = copy("24.11");
    byte[] jobs = Files.readAllBytes(state.resolve("job_state"));
    Files.write(state.resolve("job_state"), Arrays.copyOf(jobs, 5_000));
    assertEquals(ExitCode.DONE, run(state));
    assertTrue(out.toString().contains("  job_state at byte "), out::toString);
    assertTrue(out.toString().contains("script: belongs to no job"), out::toString);
    assertEquals(ExitCode.UNSAFE, run(state, "--strict"));
  }

  @Test
  void anotherClusterIsTold() throws IOException {
    configure("other");
    assertEquals(ExitCode.UNSAFE, run(FIXTURES.resolve("24.11"), "--strict"));
    assertTrue(
        out.toString().contains("clustername: is of state2411, and slurm.conf of other"),
        out::toString);
  }

  @Test
  void whatCannotBeRead() throws IOException {
    assertEquals(ExitCode.FAILED, run(directory.resolve("nowhere")));
    assertEquals(ExitCode.FAILED, run(Files.createDirectory(directory.resolve("empty"))));
    Files.writeString(conf, "ClusterName=state2411\nSlurmctldHost=ctl\nNodeName=n1 CPUs=none\n");
    assertEquals(ExitCode.USAGE, run(FIXTURES.resolve("24.11")));
    assertTrue(err.toString().contains(conf + ":3: error"), err::toString);
    assertFalse(out.toString().contains("FILE"), out::toString);
    assertEquals(ExitCode.USAGE, Baton.commandLine().execute("import", "--data", "d"));
  }
}

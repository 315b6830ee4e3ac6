package baton.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the command line says, and its exit codes. */
final class BatonTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine commandLine = Baton.commandLine();
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    return commandLine.execute(arguments);
  }

  @Test
  void everyCommandExplainsItself() {
    assertEquals(ExitCode.DONE, run("--help"));
    assertTrue(out.toString().contains("controller"), out::toString);
    assertEquals(ExitCode.DONE, run("controller", "--help"));
    assertTrue(out.toString().contains("--slurm-conf"), out::toString);
  }

  @Test
  void wrongUsageIsSaid() {
    assertEquals(ExitCode.USAGE, run());
    assertEquals(ExitCode.USAGE, run("controller"));
    assertEquals(ExitCode.USAGE, run("controller", "--data", "d", "--http", "nonsense"));
    assertEquals(ExitCode.USAGE, run("controller", "--data", "d", "--slurm-version", "17.11.1"));
    assertTrue(err.toString().contains("17.11.1"), err::toString);
  }

  @Test
  void aWrongConfigurationIsSaidWithFileAndLine(@TempDir Path directory) throws IOException {
    Path conf = directory.resolve("slurm.conf");
    Files.writeString(conf, "ClusterName=test\nSlurmctldHost=ctl\nNodeName=n1 CPUs=nonsense\n");
    int code =
        run(
            "controller",
            "--slurm-conf",
            conf.toString(),
            "--data",
            directory.resolve("data").toString());
    assertEquals(ExitCode.USAGE, code);
    assertTrue(err.toString().contains(conf + ":3: error"), err::toString);
  }
}

package baton.controller.conf;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import baton.protocol.type.Release;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Files of tests, and a host on which only one user exists besides root. */
final class SampleConf {
  static final SlurmConf.Host HOST =
      new SlurmConf.Host(
          "ctl", name -> name.equals("slurm") ? OptionalLong.of(64030) : OptionalLong.empty());

  /** Enough for a cluster; tests add lines behind, from line 5 on. */
  static final String SMALL =
      """
      ClusterName=Test
      SlurmctldHost=ctl
      NodeName=n[1-4] CPUs=4
      PartitionName=debug Nodes=ALL Default=YES
      """;

  private SampleConf() {}

  static Path write(Path directory, String name, String content) {
    return write(directory, name, content.getBytes(StandardCharsets.UTF_8));
  }

  static Path write(Path directory, String name, byte[] content) {
    try {
      return Files.write(directory.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ConfOutcome load(Path directory, String content) {
    Path file = write(directory, "slurm.conf", content);
    return SlurmConf.load(file, Release.V22_05, HOST);
  }

  static SlurmConf loaded(Path directory, String content) {
    ConfOutcome outcome = load(directory, content);
    return assertInstanceOf(ConfOutcome.Loaded.class, outcome, outcome.toString()).conf();
  }

  /** Problems as {@code slurm.conf:5: error: …}, without the directory. */
  static List<String> problems(Path directory, ConfOutcome outcome) {
    return outcome.problems().stream()
        .map(problem -> problem.toString().replace(directory + "/", ""))
        .toList();
  }
}

package baton.controller.conf;

import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.type.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Whatever stands in a file, reading it ends with values or with problems, never otherwise. */
class ConfFuzzTest {
  private static final List<String> PIECES =
      List.of(
          "NodeName=",
          "PartitionName=",
          "DEFAULT",
          " CPUs=",
          "n[1-3]",
          "\\",
          "\n",
          "#",
          "\"",
          " ",
          "=",
          "[",
          "]",
          "-",
          "Sockets=",
          "4",
          "Nodes=ALL",
          "include ",
          "slurm.conf",
          "\0",
          "\r\n",
          " Port=",
          "7000-7010",
          "SlurmctldHost=",
          "a(b)",
          "KillWait=",
          "UNLIMITED",
          "State=",
          "DOWN",
          "MaxTime=",
          "1-0",
          "FORCE:",
          "OverSubscribe=",
          "%c",
          "é",
          "SlurmctldPort=",
          " CPUSpecList=",
          "0-1",
          "PreemptMode=",
          "GANG,WITHIN",
          "MaxJobId=",
          "NodeSet=");

  @Property(tries = 300)
  void anyBytes(@ForAll @Size(max = 400) byte[] content) throws IOException {
    read(content);
  }

  @Property(tries = 1500)
  void anyPieces(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(random.nextBoolean() ? SampleConf.SMALL : "");
    int count = random.nextInt(60);
    for (int i = 0; i < count; i++) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    read(text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static void read(byte[] content) throws IOException {
    Path file = Files.createTempFile("slurm", ".conf");
    try {
      Files.write(file, content);
      ConfOutcome outcome = SlurmConf.load(file, Release.V24_11, SampleConf.HOST);
      assertTrue(
          outcome instanceof ConfOutcome.Loaded || !outcome.problems().isEmpty(),
          "no reason given");
    } finally {
      Files.delete(file);
    }
  }
}

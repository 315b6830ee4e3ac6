package baton.protocol.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Generated expressions, each given to the real scontrol (one process for all) and to HostList. It
 * needs Debian 12's slurm-client; elsewhere it is passed over.
 */
class HostListAgainstScontrolTest {
  private static final Path SCONTROL = Path.of("/usr/bin/scontrol");
  private static final int EXPRESSIONS = 400;
  private static final long SEED = 20221101L;

  @TempDir Path directory;

  @Test
  void sameListsSortedListsAndNames() throws Exception {
    assumeTrue(Files.isExecutable(SCONTROL), "no scontrol here");
    List<String> expressions = expressions();
    List<String> commands = new ArrayList<>();
    for (String expression : expressions) {
      commands.add("show hostlist " + expression);
      commands.add("show hostlistsorted " + expression);
      commands.add("show hostnames " + expression);
    }
    List<String> answers = scontrol(commands);
    for (int i = 0; i < expressions.size(); i++) {
      String expression = expressions.get(i);
      HostList list = HostList.parse(expression);
      assertEquals(answers.get(3 * i), list.ranged(), expression);
      assertEquals(answers.get(3 * i + 1), list.sorted().ranged(), "sorted " + expression);
      assertEquals(answers.get(3 * i + 2), String.join("\n", list), "names " + expression);
    }
  }

  @Test
  void sameRefusals() throws Exception {
    assumeTrue(Files.isExecutable(SCONTROL), "no scontrol here");
    List<String> wrong =
        List.of(
            "n[3-1]",
            "n[]",
            "n[1,,2]",
            "n[1-2-3]",
            "n[-1]",
            "n[1--2]",
            "n[x]",
            "n[1-x]",
            "n[0-65536]",
            "n[1-2]]",
            "n[1],m[a]",
            "n[0-65535]b[0-65536]",
            "a[b]c[1]");
    for (String expression : wrong) {
      assertEquals("", scontrol(List.of("show hostlist " + expression)).get(0), expression);
      try {
        fail(expression + " gave " + HostList.parse(expression).ranged());
      } catch (HostListException expected) {
        // Both refuse.
      }
    }
  }

  /** The answer to each command, without the prompts; the commands themselves are echoed. */
  private List<String> scontrol(List<String> commands) throws IOException, InterruptedException {
    Path conf = directory.resolve("slurm.conf");
    Files.writeString(
        conf, "ClusterName=t\nSlurmctldHost=localhost\nNodeName=n1\nPartitionName=p Nodes=n1\n");
    Path input = directory.resolve("commands");
    Path output = directory.resolve("answers");
    Files.writeString(input, String.join("\n", commands) + "\nquit\n");
    ProcessBuilder builder = new ProcessBuilder(SCONTROL.toString());
    builder.environment().put("SLURM_CONF", conf.toString());
    // Its line editor would fold the echoed commands at 80 columns.
    builder.environment().put("TERM", "dumb");
    builder.environment().put("COLUMNS", "10000");
    Process process =
        builder
            .redirectInput(input.toFile())
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      fail("scontrol did not end");
    }
    List<String> answers = new ArrayList<>();
    for (String line : Files.readAllLines(output, StandardCharsets.UTF_8)) {
      if (line.startsWith("scontrol: ")) {
        answers.add("");
      } else {
        int last = answers.size() - 1;
        answers.set(last, answers.get(last).isEmpty() ? line : answers.get(last) + "\n" + line);
      }
    }
    return answers;
  }

  private static List<String> expressions() {
    Random random = new Random(SEED);
    List<String> expressions = new ArrayList<>();
    while (expressions.size() < EXPRESSIONS) {
      List<String> items = new ArrayList<>();
      int count = 1 + random.nextInt(6);
      for (int i = 0; i < count; i++) {
        items.add(item(random));
      }
      expressions.add(String.join(",", items));
    }
    return expressions;
  }

  private static String item(Random random) {
    String[] prefixes = {"n", "n", "n", "cn-", "r1n", "r02n", "r10n", "r2n", "login", ""};
    StringBuilder item = new StringBuilder(prefixes[random.nextInt(prefixes.length)]);
    int parts = random.nextInt(10) == 0 ? 2 + random.nextInt(2) : 1;
    for (int i = 0; i < parts; i++) {
      if (random.nextInt(3) == 0 || parts > 1) {
        item.append(bracket(random));
        item.append(i < parts - 1 && random.nextBoolean() ? "-x" : "");
      } else {
        item.append(number(random, random.nextInt(30)));
      }
    }
    return item.toString();
  }

  private static String bracket(Random random) {
    List<String> ranges = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      int low = random.nextInt(random.nextInt(4) == 0 ? 120 : 14);
      String first = number(random, low);
      ranges.add(random.nextBoolean() ? first : first + "-" + (low + random.nextInt(6)));
    }
    return "[" + String.join(",", ranges) + "]";
  }

  /** With leading zeros now and then. */
  private static String number(Random random, int value) {
    int width = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 1;
    return String.format("%0" + width + "d", value);
  }
}

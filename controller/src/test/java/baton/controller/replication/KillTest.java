package baton.controller.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.fault.RecordingFaultHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process is killed with SIGKILL again and again while commands stream in. Afterwards every
 * acknowledged command is there, none twice, and each submitter's in its order.
 *
 * <p>System properties: {@code baton.kills}, how many (50); {@code baton.kill.seconds}, after how
 * long it is enough (60).
 */
final class KillTest {

  private static final int KILLS = Integer.getInteger("baton.kills", 50);
  private static final Duration ENOUGH =
      Duration.ofSeconds(Integer.getInteger("baton.kill.seconds", 60));

  @TempDir Path directory;

  @Test
  void nothingAcknowledgedIsLostOrDoubled() throws Exception {
    Set<String> acknowledged = new HashSet<>();
    Random random = new Random(5);
    long begun = System.nanoTime();
    int kills = 0;
    while (kills < KILLS && System.nanoTime() - begun < ENOUGH.toNanos()) {
      runAndKill(kills, 1 + random.nextInt(600), acknowledged);
      kills++;
    }
    assertTrue(kills >= 3, "only " + kills + " kills in " + ENOUGH);
    assertTrue(acknowledged.size() > kills, acknowledged.size() + " acknowledged");
    System.out.println(kills + " kills, " + acknowledged.size() + " commands acknowledged");
    check(acknowledged);
  }

  /** Kills the process a random time after its first acknowledgement. */
  private void runAndKill(int run, int afterMillis, Set<String> acknowledged)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KilledProcess.class.getName(),
                directory.resolve("state").toString(),
                Integer.toString(run))
            .redirectError(directory.resolve("stderr-" + run).toFile())
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      String first = out.readLine();
      assertTrue(first != null, "run " + run + " ended by itself");
      collect(first, acknowledged);
      Thread killer = new Thread(() -> killAfter(process, afterMillis), "killer");
      killer.start();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        collect(line, acknowledged);
      }
      killer.join();
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  /** The last line may be cut off anywhere. */
  private static void collect(String printed, Set<String> acknowledged) {
    if (printed.endsWith(KilledProcess.END_OF_LINE)) {
      acknowledged.add(printed.substring(0, printed.length() - KilledProcess.END_OF_LINE.length()));
    }
  }

  private static void killAfter(Process process, int millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Not Process.destroyForcibly(), which drops what the pipe still holds.
    assertTrue(process.toHandle().destroyForcibly());
  }

  private void check(Set<String> acknowledged) throws Exception {
    RecordingFaultHandler faults = new RecordingFaultHandler();
    try (Replicator<Notebook.Page, Long, String> replicator =
        Replicator.start(
            ReplicationSettings.alone(directory.resolve("state"), "test"),
            new Notebook(),
            faults)) {
      assertTrue(replicator.awaitLeading(Duration.ofSeconds(60)));
      List<String> lines = List.copyOf(replicator.state().lines().values());
      Set<String> present = new HashSet<>(lines);
      assertEquals(lines.size(), present.size(), "a command was applied twice");
      Set<String> missing = new HashSet<>(acknowledged);
      missing.removeAll(present);
      assertEquals(Set.of(), missing, "acknowledged and lost");
      assertOrder(lines);
    }
    assertEquals(List.of(), faults.fatalFaults());
  }

  private static void assertOrder(List<String> lines) {
    Map<String, Long> last = new HashMap<>();
    for (String line : lines) {
      int cut = line.lastIndexOf(':');
      String submitter = line.substring(0, cut);
      long sequence = Long.parseLong(line.substring(cut + 1));
      assertEquals(last.getOrDefault(submitter, -1L) + 1, sequence, "the order of " + submitter);
      last.put(submitter, sequence);
    }
  }
}

package baton.controller.replication;

import baton.controller.fault.ProcessFaultHandler;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Prints acknowledged commands a second, each after its fsync, at 1, 8 and 64 submitters that wait
 * for every answer. Not run by the tests. Arguments: a directory on the disk in question (a
 * temporary one), seconds for each case (5), bytes of a command (200).
 */
final class ReplicationBench {

  private ReplicationBench() {}

  /** Runs the cases. */
  public static void main(String[] arguments) throws Exception {
    Path parent =
        arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("baton-bench");
    int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    int bytes = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 200;
    System.out.printf("fsync alone: %.0f a second%n", fsyncsPerSecond(parent, bytes));
    ReplicationSettings settings =
        ReplicationSettings.alone(parent.resolve("bench-" + System.nanoTime()), "bench");
    try (Replicator<Notebook.Page, Long, String> replicator =
        Replicator.start(settings, new Notebook(), new ProcessFaultHandler())) {
      replicator.awaitLeading(Duration.ofSeconds(30));
      print("warming up", run(replicator, 8, Duration.ofSeconds(seconds), bytes, false));
      for (int submitters : new int[] {1, 8, 64}) {
        print(
            submitters + " submitters, " + bytes + " bytes",
            run(replicator, submitters, Duration.ofSeconds(seconds), bytes, false));
      }
      print(
          "64 submitters, a blob of 8000 bytes with each",
          run(replicator, 64, Duration.ofSeconds(seconds), 8000, true));
      long begun = System.nanoTime();
      System.out.println("snapshot at " + replicator.takeSnapshot().toCompletableFuture().get());
      System.out.printf("  took %d ms%n", (System.nanoTime() - begun) / 1_000_000);
    }
  }

  /** What a case came to. */
  private record Result(double perSecond, double cpuMicros) {}

  private static void print(String what, Result result) {
    System.out.printf(
        "%s: %.0f acknowledged a second, %.0f us of processor for each%n",
        what, result.perSecond(), result.cpuMicros());
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static Result run(
      Replicator<Notebook.Page, Long, String> replicator,
      int submitters,
      Duration duration,
      int bytes,
      boolean blobs)
      throws InterruptedException {
    LongAdder acknowledged = new LongAdder();
    long cpuBefore = cpuNanos();
    long end = System.nanoTime() + duration.toNanos();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < submitters; i++) {
      String name = i + "-" + System.nanoTime() + "-";
      Thread thread =
          new Thread(
              () -> {
                String padding = environment(bytes);
                for (long n = 0; System.nanoTime() - end < 0; n++) {
                  byte[] command =
                      blobs
                          ? Notebook.appendBlob(name + n + padding)
                          : Notebook.append(name + n + padding);
                  replicator.submit(command).toCompletableFuture().join();
                  acknowledged.increment();
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return new Result(
        acknowledged.sum() / (double) duration.toSeconds(),
        (cpuNanos() - cpuBefore) / 1e3 / acknowledged.sum());
  }

  private static String environment(int bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < bytes; i++) {
      text.append("VARIABLE_").append(i).append("=/opt/software/").append(i * 7919).append('\n');
    }
    return text.substring(0, bytes);
  }

  private static double fsyncsPerSecond(Path parent, int bytes) throws IOException {
    Path file = parent.resolve("fsync-" + System.nanoTime());
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(4 << 20));
      channel.force(true);
      channel.position(0);
      long begun = System.nanoTime();
      int count = 0;
      while (System.nanoTime() - begun < 2_000_000_000L && count < 10_000) {
        channel.write(ByteBuffer.allocate(bytes));
        channel.force(false);
        count++;
      }
      return count * 1e9 / (System.nanoTime() - begun);
    } finally {
      Files.delete(file);
    }
  }
}

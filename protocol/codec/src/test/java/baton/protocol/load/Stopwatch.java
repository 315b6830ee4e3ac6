package baton.protocol.load;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Latencies of answered requests, from any thread, and what the process took meanwhile. */
final class Stopwatch {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;

  private final long start = System.nanoTime();
  private final long cpuAtStart = cpuNanos();
  private long[] nanos = new long[1024];
  private int count;

  double seconds() {
    return (System.nanoTime() - start) / NANOS_PER_SECOND;
  }

  synchronized void answered(long sinceNanos) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count] = System.nanoTime() - sinceNanos;
    count++;
  }

  /** Latencies in milliseconds, rate per second, seconds of time and of this process' CPU. */
  synchronized Map<String, Number> result() {
    double seconds = seconds();
    Arrays.sort(nanos, 0, count);
    Map<String, Number> values = new HashMap<>();
    values.put("answered", count);
    values.put("seconds", seconds);
    values.put("perSecond", count / seconds);
    values.put("clientCpuSeconds", (cpuNanos() - cpuAtStart) / NANOS_PER_SECOND);
    values.put("p50Ms", quantile(0.50));
    values.put("p95Ms", quantile(0.95));
    values.put("p99Ms", quantile(0.99));
    values.put("maxMs", quantile(1));
    return values;
  }

  private double quantile(double share) {
    int rank = (int) Math.ceil(share * count) - 1;
    return count == 0 ? 0 : nanos[Math.max(rank, 0)] / NANOS_PER_MILLI;
  }

  private static long cpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }
}

package baton.controller.lifecycle;

import baton.controller.model.ClusterConfig;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.NodeDefinition;
import baton.controller.model.Partition;
import baton.controller.model.PriorityConfig;
import baton.protocol.type.NoVal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * priority/multifactor without a database: age, size, partition, TRES, site and nice. What needs
 * accounting (association, fair share, QOS) counts nothing. Immutable; any thread.
 *
 * <p>Source of the behaviour: 22.05 src/plugins/priority/multifactor.
 */
public final class Multifactor {
  /** The TRES that every cluster counts, in accounting's order. */
  public static final List<String> TRES =
      List.of("cpu", "mem", "energy", "node", "billing", "fs/disk", "vmem", "pages");

  private static final long OFFSET = 0x80000000L;
  private static final int ACCRUE_ALWAYS = 0x1;
  private static final int RELATIVE_TO_TIME = 0x4;
  private static final int CALCULATE_RUNNING = 0x10;
  private static final int INCREASE_ONLY = 0x40;
  private static final int PARTITION_AS_IT_IS = 0x100;
  private static final int TRES_AS_IT_IS = 0x400;

  private final PriorityConfig config;
  private final double cpus;
  private final double nodes;
  private final double memoryMiB;
  private final int topPartition;
  private final double[] tresWeights;

  /**
   * The parts of a priority, each already weighted.
   *
   * @param tres one for each of {@link #TRES}
   * @param site offset by 0x80000000
   * @param nice offset by 0x80000000
   */
  public record Factors(
      double age, double size, double partition, List<Double> tres, long site, long nice) {

    /** Their sum within 1 to 2^32 - 1; 0 is for jobs that are held. */
    public long priority() {
      double sum = age + size + partition + (site - OFFSET) - (nice - OFFSET);
      for (double part : tres) {
        sum += part;
      }
      return (long) Math.max(1, Math.min(0xffffffffL, sum));
    }
  }

  private Multifactor(ClusterConfig config, Iterable<Partition> partitions) {
    this.config = config.priority();
    long allCpus = 0;
    long allMemory = 0;
    for (NodeDefinition node : config.nodes()) {
      allCpus += node.cpus();
      allMemory += node.realMemoryMiB();
    }
    this.cpus = Math.max(1, allCpus);
    this.nodes = Math.max(1, config.nodes().size());
    this.memoryMiB = Math.max(1, allMemory);
    int top = 1;
    for (Partition partition : partitions) {
      top = Math.max(top, partition.priorityJobFactor());
    }
    this.topPartition = top;
    this.tresWeights = weights(this.config.weightTres());
  }

  /** True if the cluster's priorities come from here. */
  public static boolean isConfigured(ClusterConfig config) {
    return config.priorityType().endsWith("multifactor");
  }

  /** The weights of a configuration over these partitions. */
  public static Multifactor of(ClusterConfig config, Iterable<Partition> partitions) {
    return new Multifactor(config, partitions);
  }

  /** Whether running jobs have priorities as well. */
  public boolean countsRunning() {
    return (config.flags() & CALCULATE_RUNNING) != 0;
  }

  /** Whether a priority, once given, never sinks. */
  public boolean neverSinks() {
    return (config.flags() & INCREASE_ONLY) != 0;
  }

  /** Whether age counts from the submission, and not from when a job could have run. */
  public boolean accruesAlways() {
    return (config.flags() & ACCRUE_ALWAYS) != 0;
  }

  /** The weight of each of {@link #TRES}; empty where TRES do not count. */
  public List<Double> tresWeights() {
    return tresWeights == null ? List.of() : boxed(tresWeights);
  }

  /**
   * A job's factors.
   *
   * @param partition where it would run; null if that is gone
   * @param timeLimitMinutes its limit, NO_VAL for the partition's
   * @param since since when it waits; null if its age does not count yet
   */
  public Factors of(
      JobRequest request, Partition partition, long timeLimitMinutes, Instant since, Instant now) {
    return new Factors(
        age(since, now) * config.weightAge(),
        config.weightJobSize() == 0
            ? 0
            : size(request, partition, timeLimitMinutes) * config.weightJobSize(),
        partition(partition) * config.weightPartition(),
        tres(request, partition),
        request.siteFactor(),
        request.nice());
  }

  /**
   * A waiting or running job's priority in one of its partitions.
   *
   * @param partition where it would run; null if that is gone
   */
  public long priority(Job job, Partition partition, Instant now) {
    Instant since = accruesAlways() ? job.submitTime() : job.accrueTime();
    return of(job.request(), partition, job.timeLimitMinutes(), since, now).priority();
  }

  private double age(Instant since, Instant now) {
    if (since == null || !now.isAfter(since)) {
      return 0;
    }
    double seconds = Duration.between(since, now).toSeconds();
    return Math.min(1, seconds / config.maxAgeSeconds());
  }

  private double partition(Partition partition) {
    if (partition == null) {
      return 0;
    }
    boolean raw = (config.flags() & PARTITION_AS_IT_IS) != 0;
    return raw
        ? partition.priorityJobFactor()
        : (double) partition.priorityJobFactor() / topPartition;
  }

  private double size(JobRequest request, Partition partition, long timeLimitMinutes) {
    double wantedCpus = cpus(request);
    double wantedNodes = request.minNodes();
    double size;
    if ((config.flags() & RELATIVE_TO_TIME) != 0) {
      double minutes = timeLimitMinutes;
      if (timeLimitMinutes == NoVal.NO_VAL) {
        minutes = partition == null ? 1 : partition.maxTimeMinutes();
      }
      size = Math.max(wantedCpus, wantedNodes * cpus / nodes) / Math.max(1, minutes) / cpus;
      size = config.favorSmall() ? 1 - size : size;
    } else if (config.favorSmall()) {
      size = ((nodes - wantedNodes) / nodes + (cpus - wantedCpus) / cpus) / 2;
    } else {
      size = (wantedNodes / nodes + wantedCpus / cpus) / 2;
    }
    return Math.max(0, Math.min(1, size));
  }

  private static long cpus(JobRequest request) {
    return request.maxCpus() == NoVal.NO_VAL ? request.minCpus() : request.maxCpus();
  }

  private List<Double> tres(JobRequest request, Partition partition) {
    if (tresWeights == null) {
      return List.of();
    }
    boolean raw = (config.flags() & TRES_AS_IT_IS) != 0;
    double[] parts = new double[TRES.size()];
    double share = partition == null ? 1 : Math.max(1, partition.members().size()) / nodes;
    long wantedMemory =
        request.memoryMiB() * (request.memoryPerCpu() ? request.minCpus() : request.minNodes());
    parts[0] = request.minCpus() / (raw ? 1 : cpus * share);
    parts[1] = wantedMemory / (raw ? 1 : memoryMiB * share);
    parts[3] = request.minNodes() / (raw ? 1 : nodes * share);
    parts[4] = request.minCpus() / (raw ? 1 : cpus * share);
    for (int i = 0; i < parts.length; i++) {
      parts[i] *= tresWeights[i];
    }
    return boxed(parts);
  }

  private static double[] weights(String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    double[] weights = new double[TRES.size()];
    for (String item : text.toLowerCase(Locale.ROOT).split(",", -1)) {
      int equals = item.indexOf('=');
      int index = equals < 0 ? -1 : TRES.indexOf(item.substring(0, equals).trim());
      String number = item.substring(equals + 1).trim();
      if (index >= 0 && number.matches("[0-9]{1,12}(\\.[0-9]{1,12})?")) {
        weights[index] = Double.parseDouble(number);
      }
    }
    return weights;
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}

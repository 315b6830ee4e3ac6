package baton.controller.scheduler;

import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.protocol.type.NoVal;
import baton.protocol.type.Uid;
import java.util.List;

/**
 * What matters of a job for where and when it can run. Where one job of a shape found no place,
 * another need not be tried.
 */
record Shape(
    PartitionName partition,
    Uid user,
    long minutes,
    List<Long> counts,
    List<String> texts,
    boolean contiguous,
    boolean overcommit,
    boolean memoryPerCpu) {
  private static final long YEAR_MINUTES = 365L * 24 * 60;

  static Shape of(Job job, Partition partition) {
    JobRequest request = job.request();
    return new Shape(
        partition.name(),
        request.userId(),
        minutes(job, partition),
        List.of(
            request.minCpus(),
            request.maxCpus(),
            request.minNodes(),
            request.maxNodes(),
            request.taskCount(),
            (long) request.cpusPerTask(),
            (long) request.tasksPerNode(),
            (long) request.tasksPerSocket(),
            (long) request.tasksPerCore(),
            (long) request.socketsPerNode(),
            (long) request.coresPerSocket(),
            (long) request.threadsPerCore(),
            (long) request.minCpusPerNode(),
            request.memoryMiB(),
            request.minTmpDiskMiB(),
            (long) request.coreSpecialization(),
            (long) request.shareMode(),
            request.taskDistribution(),
            request.bitFlags()),
        List.of(
            text(request.features()), text(request.requiredNodes()), text(request.excludedNodes())),
        request.contiguous(),
        request.overcommit(),
        request.memoryPerCpu());
  }

  /** How long the job may run, in minutes. */
  static long minutes(Job job, Partition partition) {
    long minutes = job.timeLimitMinutes();
    if (minutes == NoVal.NO_VAL) {
      minutes = partition.defaultTimeMinutes();
    }
    if (minutes == NoVal.NO_VAL) {
      minutes = partition.maxTimeMinutes();
    }
    return Math.min(minutes, YEAR_MINUTES);
  }

  private static String text(String text) {
    return text == null ? "" : text;
  }
}

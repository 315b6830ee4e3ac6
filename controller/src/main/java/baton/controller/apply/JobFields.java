package baton.controller.apply;

import baton.controller.command.Caller;
import baton.controller.command.JobChanges;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.NodeCapacity;
import baton.controller.lifecycle.StandIn;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.Partition;
import baton.controller.model.RequestFlag;
import baton.protocol.error.SlurmError;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.time.Instant;

/** A job's update, in slurmctld's order: the fields checked before its priority, and after. */
final class JobFields {
  private static final long YEAR_MINUTES = 365L * 24 * 60;

  private JobFields() {}

  static SlurmError beforePriority(
      Change change,
      Caller caller,
      Job job,
      JobChanges wanted,
      Job.Builder next,
      JobRequest.Builder request) {
    SlurmError refusal = JobSettings.change(caller, job, wanted, request);
    if (refusal == null) {
      refusal = nodeLists(change, job, wanted, next, request);
    }
    if (refusal == null) {
      refusal = size(change, job, wanted, next, request);
    }
    if (refusal == null) {
      refusal = timeLimit(change, caller, job, wanted, next, request);
    }
    if (refusal == null) {
      refusal = ends(change, caller, job, wanted, next, request);
    }
    if (refusal == null && wanted.requeue() != NoVal.NO_VAL16) {
      request.requeue(wanted.requeue() != 0);
    }
    return refusal;
  }

  static SlurmError afterPriority(
      Change change,
      Caller caller,
      Job job,
      JobChanges wanted,
      Job.Builder next,
      JobRequest.Builder request) {
    SlurmError refusal = memory(job, wanted, request);
    if (refusal == null) {
      refusal = JobPlacement.change(change, caller, job, wanted, next, request);
    }
    if (refusal == null) {
      JobPlacement.texts(wanted, request);
    }
    return refusal;
  }

  private static SlurmError nodeLists(
      Change change, Job job, JobChanges wanted, Job.Builder next, JobRequest.Builder request) {
    boolean holds = JobLifecycle.isRunning(job) || JobLifecycle.isSuspended(job);
    if (wanted.requiredNodes() != null && holds) {
      SlurmError refusal = Resizing.toNodes(change, job, wanted.requiredNodes(), next);
      if (refusal != null) {
        return refusal;
      }
    } else if (wanted.requiredNodes() != null) {
      SlurmError unknown = SubmissionCheck.known(change, orNull(wanted.requiredNodes()));
      if (unknown != null) {
        return unknown;
      }
      request.requiredNodes(orNull(wanted.requiredNodes()));
    }
    if (JobSettings.isChanged(wanted.excludedNodes(), job.request().excludedNodes())) {
      if (!JobLifecycle.isPending(job)) {
        return SlurmError.ESLURM_JOB_NOT_PENDING;
      }
      SlurmError unknown = SubmissionCheck.known(change, orNull(wanted.excludedNodes()));
      if (unknown != null) {
        return unknown;
      }
      request.excludedNodes(orNull(wanted.excludedNodes()));
    }
    return null;
  }

  private static SlurmError size(
      Change change, Job job, JobChanges wanted, Job.Builder next, JobRequest.Builder request) {
    boolean nodes = wanted.minNodes() != NoVal.NO_VAL || wanted.maxNodes() != NoVal.NO_VAL;
    boolean asked =
        nodes
            || wanted.minCpus() != NoVal.NO_VAL
            || wanted.maxCpus() != NoVal.NO_VAL
            || wanted.taskCount() != NoVal.NO_VAL
            || wanted.cpusPerTask() != NoVal.NO_VAL16
            || (wanted.minCpusPerNode() != NoVal.NO_VAL16 && wanted.minCpusPerNode() != 0);
    if (!asked) {
      return null;
    }
    if (!JobLifecycle.isPending(job)) {
      // From 23.02 a client may name the one size as least and most.
      boolean sameSize =
          wanted.maxNodes() == wanted.minNodes()
              && StandIn.isAtLeast(change.config(), Release.V23_02);
      boolean more =
          (wanted.maxNodes() != NoVal.NO_VAL && !sameSize)
              || wanted.minCpus() != NoVal.NO_VAL
              || wanted.maxCpus() != NoVal.NO_VAL
              || wanted.taskCount() != NoVal.NO_VAL
              || wanted.cpusPerTask() != NoVal.NO_VAL16;
      return more || !nodes
          ? SlurmError.ESLURM_JOB_NOT_PENDING
          : Resizing.toCount(change, next.build(), wanted.minNodes(), next);
    }
    JobRequest before = job.request();
    long tasks = or(wanted.taskCount(), before.taskCount());
    long minCpus = or(wanted.minCpus(), before.minCpus());
    int cpusPerTask =
        wanted.cpusPerTask() != NoVal.NO_VAL16
            ? wanted.cpusPerTask()
            : NodeCapacity.cpusPerTask(before);
    boolean perNode = wanted.minCpusPerNode() != NoVal.NO_VAL16 && wanted.minCpusPerNode() != 0;
    int minPerNode = perNode ? wanted.minCpusPerNode() : before.minCpusPerNode();
    boolean counts = wanted.minCpus() != NoVal.NO_VAL;
    if (wanted.minNodes() != NoVal.NO_VAL) {
      long counted = tasks == NoVal.NO_VAL ? wanted.minNodes() : tasks;
      if (counted < wanted.minNodes()) {
        tasks = wanted.minNodes();
        counted = tasks;
      }
      long least = Math.max(counted * cpusPerTask, minPerNode * wanted.minNodes());
      counts |= least > minCpus;
      minCpus = Math.max(minCpus, least);
    }
    if (perNode && !counts) {
      minCpus = minPerNode * or(wanted.minNodes(), before.minNodes());
    }
    return sized(before, wanted, request, minCpus, tasks, minPerNode);
  }

  private static SlurmError sized(
      JobRequest before,
      JobChanges wanted,
      JobRequest.Builder request,
      long minCpus,
      long tasks,
      int minPerNode) {
    long maxCpus = or(wanted.maxCpus(), before.maxCpus());
    if (minCpus < 1 || (maxCpus != NoVal.NO_VAL && maxCpus != 0 && maxCpus < minCpus)) {
      return SlurmError.ESLURM_INVALID_CPU_COUNT;
    }
    long minNodes = or(wanted.minNodes(), before.minNodes());
    long maxNodes = or(wanted.maxNodes(), before.maxNodes());
    if (minNodes < 1 || (maxNodes != 0 && maxNodes < minNodes)) {
      return SlurmError.ESLURM_INVALID_NODE_COUNT;
    }
    if (wanted.taskCount() == 0) {
      return SlurmError.ESLURM_BAD_TASK_COUNT;
    }
    if (wanted.cpusPerTask() != NoVal.NO_VAL16) {
      request.cpusPerTask(wanted.cpusPerTask());
    }
    request
        .minCpus(minCpus)
        .maxCpus(maxCpus)
        .minNodes(minNodes)
        .maxNodes(maxNodes)
        .taskCount(tasks)
        .minCpusPerNode(minPerNode)
        .addedCpus(0);
    return null;
  }

  private static SlurmError timeLimit(
      Change change,
      Caller caller,
      Job job,
      JobChanges wanted,
      Job.Builder next,
      JobRequest.Builder request) {
    long asked = wanted.timeLimitMinutes();
    if (asked != NoVal.NO_VAL && asked != job.timeLimitMinutes()) {
      Partition partition = change.partition(job.partition());
      boolean within =
          JobLifecycle.isPending(job) && partition != null && partition.maxTimeMinutes() >= asked;
      if (!caller.operator() && job.timeLimitMinutes() <= asked && !within) {
        return SlurmError.ESLURM_ACCESS_DENIED;
      }
      if (asked < Math.max(request.build().timeMinMinutes(), or(wanted.timeMinMinutes(), 0))) {
        return SlurmError.ESLURM_INVALID_TIME_MIN_LIMIT;
      }
      next.timeLimitMinutes(asked);
      request.timeLimitMinutes(asked);
      if (!JobLifecycle.isPending(job)) {
        next.endTime(newEnd(change, job, asked));
      }
    }
    if (wanted.timeMinMinutes() != NoVal.NO_VAL && JobLifecycle.isPending(job)) {
      if (wanted.timeMinMinutes() > next.build().timeLimitMinutes()) {
        return SlurmError.ESLURM_INVALID_TIME_MIN_LIMIT;
      }
      request.timeMinMinutes(wanted.timeMinMinutes());
    }
    return null;
  }

  /** The end moves with the limit, so that time spent suspended stays counted. */
  private static Instant newEnd(Change change, Job job, long minutes) {
    long before = job.timeLimitMinutes() == NoVal.INFINITE ? YEAR_MINUTES : job.timeLimitMinutes();
    Instant end =
        minutes == NoVal.INFINITE
            ? change.now().plusSeconds(YEAR_MINUTES * 60)
            : job.endTime().plusSeconds((minutes - before) * 60);
    return end.isBefore(change.now()) ? change.now() : end;
  }

  private static SlurmError ends(
      Change change,
      Caller caller,
      Job job,
      JobChanges wanted,
      Job.Builder next,
      JobRequest.Builder request) {
    if (wanted.endTime() != null) {
      if (!JobLifecycle.isRunning(job)) {
        return SlurmError.ESLURM_JOB_NOT_RUNNING;
      }
      if (wanted.endTime().isBefore(change.now())) {
        return SlurmError.ESLURM_INVALID_TIME_VALUE;
      }
      if (!caller.operator() && !job.endTime().isAfter(wanted.endTime())) {
        return SlurmError.ESLURM_ACCESS_DENIED;
      }
      long seconds = wanted.endTime().getEpochSecond() - job.endTime().getEpochSecond();
      next.endTime(wanted.endTime());
      if (job.timeLimitMinutes() != NoVal.INFINITE) {
        next.timeLimitMinutes(Math.max(0, job.timeLimitMinutes() + (seconds + 30) / 60));
      }
    }
    if (wanted.deadline() != null && !JobLifecycle.isRunning(job)) {
      if (wanted.deadline().isBefore(change.now())) {
        return SlurmError.ESLURM_INVALID_TIME_VALUE;
      }
      if (!caller.operator()) {
        return SlurmError.ESLURM_ACCESS_DENIED;
      }
      request.deadline(wanted.deadline());
    }
    return null;
  }

  private static SlurmError memory(Job job, JobChanges wanted, JobRequest.Builder request) {
    boolean memory = wanted.memoryMiB() != NoVal.NO_VAL64;
    boolean disk = wanted.minTmpDiskMiB() != NoVal.NO_VAL;
    if ((memory || disk) && !JobLifecycle.isPending(job)) {
      return SlurmError.ESLURM_JOB_NOT_PENDING;
    }
    if (memory) {
      request
          .memoryMiB(wanted.memoryMiB())
          .memoryPerCpu(wanted.memoryPerCpu() && wanted.memoryMiB() != 0)
          .bitFlags(job.request().bitFlags() | RequestFlag.MEMORY_GIVEN);
    }
    if (disk) {
      request.minTmpDiskMiB(wanted.minTmpDiskMiB());
    }
    return null;
  }

  private static long or(long wanted, long otherwise) {
    return wanted == NoVal.NO_VAL ? otherwise : wanted;
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}

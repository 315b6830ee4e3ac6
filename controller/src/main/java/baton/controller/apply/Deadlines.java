package baton.controller.apply;

import baton.controller.command.TimePassed;
import baton.controller.lifecycle.JobArrays;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.NodeLifecycle;
import baton.controller.lifecycle.StartDeadline;
import baton.controller.model.ArrayIndex;
import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterFacts;
import baton.controller.model.ClusterState;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobState;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.Step;
import baton.protocol.type.NoVal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What falls due as time passes: limits, warnings, deadlines, silent nodes, old records. */
public final class Deadlines {
  private static final long YEAR_SECONDS = 365L * 24 * 60 * 60;

  /** slurm.h KILL_JOB_BATCH, as --signal=B: asks for. */
  private static final int WARN_BATCH_ONLY = 1;

  /** slurm.h PART_FLAG_ROOT_ONLY. */
  private static final int ROOT_ONLY = 1 << 3;

  /** Wait status that slurmctld gives a job which could not start in time. */
  private static final long NEVER_RAN_WAIT_STATUS = 1;

  private Deadlines() {}

  static Reply timePassed(Change change, TimePassed command) {
    List<Job> due = new ArrayList<>();
    for (Job job : change.jobs().values()) {
      Partition partition = change.partition(job.partition());
      if (isDue(change.config(), partition, change.arrays(), job, command.time())) {
        due.add(job);
      }
    }
    for (Job job : due) {
      fallDue(change, job);
    }
    for (Step step : change.steps().values()) {
      Job job = change.job(step.jobId());
      if (job != null && Steps.isDue(step, job, command.time())) {
        Steps.timeOut(change, step);
      }
    }
    Dependents.timePassed(change);
    if (Priorities.areDue(change.config(), change.facts(), command.time())) {
      Priorities.computeAnew(change);
    }
    List<NodeName> silent = new ArrayList<>();
    List<Node> resumed = new ArrayList<>();
    for (Node node : change.nodes().values()) {
      if (isResumed(node, command.time())) {
        resumed.add(node);
      } else if (isSilent(change.config(), node, command.time())) {
        silent.add(node.name());
      }
    }
    for (NodeName name : silent) {
      NodeHealth.down(change, name, NodeHealth.NOT_RESPONDING);
    }
    for (Node node : resumed) {
      NodeUpdates.resumeNow(change, node);
    }
    return Reply.ACCEPTED;
  }

  /** True if something about this job is due at {@code now}; the leader asks before it speaks. */
  public static boolean isDue(
      ClusterConfig config, Partition partition, ArrayIndex arrays, Job job, Instant now) {
    return isTimedOut(config, partition, job, now)
        || isInactive(config, partition, job, now)
        || isWarningDue(job, now)
        || Clients.isWarningDue(job, now)
        || Mail.isDue(job, now)
        || StartDeadline.isMissed(job, now)
        || isForgettable(config, arrays, job, now);
  }

  /** True if some job's dependency is fulfilled by time alone. */
  public static boolean isDependencyDue(ClusterState state, Instant now) {
    return Dependents.isDue(state, now);
  }

  private static boolean isResumed(Node node, Instant now) {
    return node.resumeAfter() != null && !node.resumeAfter().isAfter(now);
  }

  /** True if priorities are to be computed anew at {@code now}. */
  public static boolean isDue(ClusterConfig config, ClusterFacts facts, Instant now) {
    return Priorities.areDue(config, facts, now);
  }

  /** True if a silent node is due to be taken down at {@code now}, or another to be resumed. */
  public static boolean isDue(ClusterConfig config, Node node, Instant now) {
    return isResumed(node, now) || isSilent(config, node, now);
  }

  private static boolean isSilent(ClusterConfig config, Node node, Instant now) {
    return NodeLifecycle.has(node, NodeFlag.NO_RESPOND)
        && !NodeLifecycle.isDown(node)
        && config.slurmdTimeoutSeconds() > 0
        && node.lastResponse() != null
        && !node.lastResponse().plusSeconds(config.slurmdTimeoutSeconds()).isAfter(now);
  }

  static long overTimeLimitSeconds(Change change, Job job) {
    return overTimeLimitSeconds(change.config(), change.partition(job.partition()));
  }

  private static long overTimeLimitSeconds(ClusterConfig config, Partition partition) {
    int minutes =
        partition != null && partition.overTimeLimitMinutes() != NoVal.NO_VAL16
            ? partition.overTimeLimitMinutes()
            : config.overTimeLimitMinutes();
    return minutes == NoVal.INFINITE16 ? YEAR_SECONDS : minutes * 60L;
  }

  private static void fallDue(Change change, Job due) {
    Mail.timePassed(change, due);
    Job job = change.job(due.id());
    Partition partition = change.partition(job.partition());
    Instant now = change.now();
    if (isTimedOut(change.config(), partition, job, now)) {
      Job late = job.toBuilder().reason(JobReason.TIME_LIMIT).stateDescription(null).build();
      Ending.end(change, late, JobState.TIMEOUT, EffectKind.KILL_TIME_LIMIT);
    } else if (StartDeadline.isMissed(job, now)) {
      Ending.count(change, JobState.DEADLINE);
      change.put(
          job.toBuilder()
              .state(JobState.DEADLINE)
              .exitCode(NEVER_RAN_WAIT_STATUS)
              .reason(JobReason.DEADLINE)
              .startTime(now)
              .endTime(now));
      Mail.ended(change, change.job(job.id()));
    } else if (isForgettable(change.config(), change.arrays(), job, now)) {
      forget(change, job);
    } else if (isInactive(change.config(), partition, job, now)) {
      Job silent = job.toBuilder().reason(JobReason.INACTIVE_LIMIT).stateDescription(null).build();
      Ending.end(change, silent, JobState.TIMEOUT, EffectKind.KILL_TIME_LIMIT);
    } else {
      if (Clients.isWarningDue(job, now)) {
        Clients.warn(change, job);
      }
      if (isWarningDue(job, now)) {
        warn(change, change.job(job.id()));
      }
    }
  }

  private static void warn(Change change, Job job) {
    boolean batchOnly = (job.request().warnFlags() & WARN_BATCH_ONLY) != 0;
    List<NodeName> nodes =
        batchOnly && job.batchHost() != null
            ? List.of(job.batchHost())
            : job.allocation().get(0).nodes().stream().map(NodeAllocation::node).toList();
    change.put(job.toBuilder().warnSent(true));
    change.owe(
        Effect.builder()
            .kind(EffectKind.SIGNAL_JOB)
            .jobId(job.id())
            .restartCount(job.restartCount())
            .signal(job.request().warnSignal())
            .flags(batchOnly ? 1 : 0)
            .nodes(nodes));
  }

  private static boolean isTimedOut(
      ClusterConfig config, Partition partition, Job job, Instant now) {
    return JobLifecycle.isRunning(job)
        && job.timeLimitMinutes() != NoVal.INFINITE
        && job.endTime() != null
        && !job.endTime().plusSeconds(overTimeLimitSeconds(config, partition)).isAfter(now);
  }

  /**
   * The client of an allocation was not heard for InactiveLimit and a third, and a message's time.
   */
  private static boolean isInactive(
      ClusterConfig config, Partition partition, Job job, Instant now) {
    long limitSeconds = config.inactiveLimitSeconds();
    return limitSeconds != 0
        && JobLifecycle.isRunning(job)
        && !job.request().batch()
        && job.request().otherPort() != 0
        && job.clientSeen() != null
        && (partition == null || (partition.flags() & ROOT_ONLY) == 0)
        && !job.clientSeen()
            .plusSeconds(limitSeconds * 4 / 3 + config.messageTimeoutSeconds() + 1)
            .isAfter(now);
  }

  private static boolean isWarningDue(Job job, Instant now) {
    return JobLifecycle.isRunning(job)
        && job.request().warnSignal() != 0
        && !job.warnSent()
        && job.timeLimitMinutes() != NoVal.INFINITE
        && !job.endTime().minusSeconds(job.request().warnTimeSeconds()).isAfter(now);
  }

  /** The first record of an array remembers how its other tasks ended. */
  private static void forget(Change change, Job job) {
    change.removeJob(job.id());
    Job head = JobArrays.isPart(job) ? change.job(job.arrayJobId()) : null;
    if (head == null) {
      return;
    }
    change.put(ArrayCommands.remember(head.toBuilder(), JobArrays.endStatus(job)));
  }

  private static boolean isForgettable(
      ClusterConfig config, ArrayIndex arrays, Job job, Instant now) {
    return config.minJobAgeSeconds() != 0
        && JobLifecycle.isCompleted(job)
        && !(JobArrays.isHead(job) && arrays.hasOthers(job.id()))
        && job.endTime() != null
        && job.endTime().plusSeconds(config.minJobAgeSeconds()).isBefore(now);
  }
}

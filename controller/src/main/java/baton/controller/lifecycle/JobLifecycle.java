package baton.controller.lifecycle;

import baton.controller.model.Job;
import baton.controller.model.JobFlag;
import baton.controller.model.JobState;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Which base state of a job may follow which. A state may always follow itself. Flags (COMPLETING
 * and others) stand apart: a job that ended keeps COMPLETING until its nodes have cleaned up, and a
 * requeued job is PENDING with COMPLETING until then.
 */
public final class JobLifecycle {
  private static final Map<JobState, Set<JobState>> NEXT = new EnumMap<>(JobState.class);

  static {
    Set<JobState> endings =
        EnumSet.of(
            JobState.COMPLETE,
            JobState.CANCELLED,
            JobState.FAILED,
            JobState.TIMEOUT,
            JobState.NODE_FAIL,
            JobState.PREEMPTED,
            JobState.BOOT_FAIL,
            JobState.DEADLINE,
            JobState.OUT_OF_MEMORY);
    Set<JobState> fromPending = EnumSet.copyOf(endings);
    fromPending.add(JobState.RUNNING);
    NEXT.put(JobState.PENDING, fromPending);
    Set<JobState> fromRunning = EnumSet.copyOf(endings);
    fromRunning.add(JobState.SUSPENDED);
    fromRunning.add(JobState.PENDING);
    NEXT.put(JobState.RUNNING, fromRunning);
    Set<JobState> fromSuspended = EnumSet.copyOf(endings);
    fromSuspended.add(JobState.RUNNING);
    fromSuspended.add(JobState.PENDING);
    NEXT.put(JobState.SUSPENDED, fromSuspended);
    for (JobState ending : endings) {
      NEXT.put(ending, EnumSet.of(JobState.PENDING));
    }
  }

  private JobLifecycle() {}

  /** True if a job in {@code from} may come to {@code to}. */
  public static boolean allows(JobState from, JobState to) {
    return from == to || NEXT.get(from).contains(to);
  }

  public static boolean isPending(Job job) {
    return job.state() == JobState.PENDING;
  }

  public static boolean isRunning(Job job) {
    return job.state() == JobState.RUNNING;
  }

  public static boolean isSuspended(Job job) {
    return job.state() == JobState.SUSPENDED;
  }

  /** True once the job has ended, whether its nodes have cleaned up or not. */
  public static boolean isFinished(Job job) {
    return job.state().value() > JobState.SUSPENDED.value();
  }

  /** True while nodes clean up after it. */
  public static boolean isCompleting(Job job) {
    return (job.stateFlags() & JobFlag.COMPLETING) != 0;
  }

  /** True once it has ended and every node has cleaned up. */
  public static boolean isCompleted(Job job) {
    return isFinished(job) && !isCompleting(job);
  }

  /** True while its nodes are being prepared. */
  public static boolean isConfiguring(Job job) {
    return (job.stateFlags() & JobFlag.CONFIGURING) != 0;
  }
}

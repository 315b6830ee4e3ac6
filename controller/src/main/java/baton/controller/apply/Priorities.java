package baton.controller.apply;

import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.Multifactor;
import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterFacts;
import baton.controller.model.Job;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Priorities that change with time. priority/multifactor computes them anew every
 * PriorityCalcPeriod, and when what counts for a job is changed; priority/basic never.
 */
final class Priorities {
  private Priorities() {}

  /** True if it is time to compute priorities anew. */
  static boolean areDue(ClusterConfig config, ClusterFacts facts, Instant now) {
    if (!Multifactor.isConfigured(config)) {
      return false;
    }
    Instant last = facts.prioritiesAt();
    return last == null || !last.plusSeconds(config.priority().calcPeriodSeconds()).isAfter(now);
  }

  static void computeAnew(Change change) {
    change.put(change.facts().toBuilder().prioritiesAt(change.now()));
    Multifactor factors = Multifactor.of(change.config(), change.partitions().values());
    List<Job> counted = new ArrayList<>();
    for (Job job : change.jobs().values()) {
      boolean counts =
          JobLifecycle.isPending(job) || (factors.countsRunning() && JobLifecycle.isRunning(job));
      if (counts && job.priority() != 0 && !job.prioritySetByAdmin()) {
        counted.add(job);
      }
    }
    for (Job job : counted) {
      long priority = of(change, factors, job);
      boolean sinks = priority < job.priority() && factors.neverSinks();
      if (priority != job.priority() && !sinks) {
        change.put(job.toBuilder().priority(priority));
      }
    }
  }

  /** What the job's priority is now; as it stands where it is held, set by hand, or basic. */
  static long now(Change change, Job job) {
    boolean fixed = job.priority() == 0 || job.prioritySetByAdmin();
    if (fixed || !Multifactor.isConfigured(change.config())) {
      return job.priority();
    }
    return of(change, Multifactor.of(change.config(), change.partitions().values()), job);
  }

  private static long of(Change change, Multifactor factors, Job job) {
    return factors.priority(job, change.partition(job.partition()), change.now());
  }
}

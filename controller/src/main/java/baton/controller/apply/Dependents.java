package baton.controller.apply;

import baton.controller.lifecycle.Dependencies;
import baton.controller.lifecycle.JobArrays;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.StandIn;
import baton.controller.model.ClusterState;
import baton.controller.model.DependencyExpression;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.PartitionName;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Jobs that wait for others: when one starts, ends or is forgotten, those that depend on it learn
 * at once what that means, so that a failure is remembered when the other job no longer is.
 */
final class Dependents {
  private static final long KILL_INVALID = 0x1;
  private static final long KEEP_INVALID = 0x2;

  /** slurmctld's default of max_depend_depth. */
  private static final int DEPTH = 10;

  private Dependents() {}

  /**
   * What a client's expression comes to, by this cluster's settings.
   *
   * @param self the job that is to depend; null for one that is being submitted
   * @param partition the first that it is for
   */
  static Dependencies.Parsed parse(Change change, Job self, PartitionName partition, String text) {
    if (text == null) {
      return Dependencies.Parsed.NOTHING;
    }
    boolean mayExpand =
        Settings.has(change.config(), "SchedulerParameters", "permit_job_expansion");
    boolean endMustBeKnown = StandIn.isAtLeast(change.config(), Release.V23_02);
    boolean latest = StandIn.isAtLeast(change.config(), Release.V25_11);
    Dependencies.Rules rules =
        new Dependencies.Rules(mayExpand, endMustBeKnown, !latest, latest, (int) depth(change));
    return Dependencies.parse(known(change), self, partition, text, rules, change.now());
  }

  private static Dependencies.Known known(Change change) {
    return new Dependencies.Known(change.jobs(), change.arrays());
  }

  private static double depth(Change change) {
    double given =
        Settings.number(change.config(), "DependencyParameters", "max_depend_depth", DEPTH);
    return Settings.number(change.config(), "SchedulerParameters", "max_depend_depth", given);
  }

  /** Brings up to date what depends on the jobs that this command changed. */
  static void update(Change change) {
    for (List<Job> stirred = change.takeStirred();
        !stirred.isEmpty();
        stirred = change.takeStirred()) {
      Set<JobId> waiting = new TreeSet<>();
      for (Job job : stirred) {
        waiting.addAll(change.dependents(job.id()));
        if (JobArrays.isPart(job)) {
          waiting.addAll(change.dependents(job.arrayJobId()));
          waiting.addAll(likes(change, job));
        }
        for (JobId id : change.dependents(DependencyExpression.NAMESAKES)) {
          if (Dependencies.areNamesakes(job, change.job(id))) {
            waiting.add(id);
          }
        }
      }
      waiting.forEach(id -> update(change, change.job(id)));
    }
  }

  /**
   * Tasks that wait for their likes in another array (aftercorr) get records of their own when
   * those have ended: the likes of a task, or, for an array that has just come, of all its tasks.
   */
  private static Set<JobId> likes(Change change, Job stirred) {
    Set<JobId> alone = new TreeSet<>();
    if (JobArrays.isUnsplit(stirred) && stirred.version() == 1) {
      part(change, stirred.id(), stirred.arrayPendingTasks().toBitSet(), alone);
    } else if (JobArrays.isTask(stirred) && JobLifecycle.isCompleted(stirred)) {
      BitSet task = new BitSet();
      task.set((int) stirred.arrayTaskId());
      for (JobId id : change.dependents(stirred.arrayJobId())) {
        part(change, id, task, alone);
      }
    }
    return alone;
  }

  private static void part(Change change, JobId id, BitSet candidates, Set<JobId> alone) {
    Job head = change.job(id);
    if (!JobArrays.isUnsplit(head) || !JobLifecycle.isPending(head)) {
      return;
    }
    BitSet tasks = head.arrayPendingTasks().toBitSet();
    tasks.and(candidates);
    for (int task = tasks.nextSetBit(0); task >= 0; task = tasks.nextSetBit(task + 1)) {
      if (!Dependencies.standsAlone(known(change), head, task)) {
        tasks.clear(task);
      }
    }
    if (!tasks.isEmpty()) {
      ArraySplit.split(change, head, tasks);
      alone.add(id);
      tasks.stream().forEach(task -> alone.add(ArrayRecords.record(change, id, task)));
    }
  }

  /** Brings up to date those that wait until another has run for so long. */
  static void timePassed(Change change) {
    Set<JobId> waiting = new TreeSet<>();
    change.dependents().values().forEach(waiting::addAll);
    for (JobId id : waiting) {
      Job job = change.job(id);
      if (isTimed(job)) {
        update(change, job);
      }
    }
  }

  /** True if a dependency is fulfilled at {@code now} by time alone. */
  static boolean isDue(ClusterState state, Instant now) {
    for (List<JobId> waiting : state.dependents().values()) {
      for (JobId id : waiting) {
        Job job = state.jobs().require(id);
        if (isTimed(job)
            && !job.request()
                .dependency()
                .equals(
                    Dependencies.judge(
                            new Dependencies.Known(state.jobs(), state.arrays()), job, now)
                        .remaining())) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isTimed(Job job) {
    return job.request().dependency() != null && job.request().dependency().indexOf('+') >= 0;
  }

  private static void update(Change change, Job job) {
    if (job.request().dependency() == null || !JobLifecycle.isPending(job)) {
      return;
    }
    Dependencies.Parsed now = Dependencies.judge(known(change), job, change.now());
    if (!job.request().dependency().equals(now.remaining())) {
      JobRequest request = job.request().toBuilder().dependency(now.remaining()).build();
      Job.Builder next = job.toBuilder().request(request);
      stands(change, request, now, next);
      change.put(next);
      tell(change, change.job(job.id()));
    }
  }

  /**
   * Records how a job stands with its dependencies, and what follows from it.
   *
   * @param next the job, to be changed; its request is left alone
   */
  static void stands(Change change, JobRequest request, Dependencies.Parsed now, Job.Builder next) {
    Job job = next.build();
    boolean waited =
        job.reason() == JobReason.DEPENDENCY
            || job.reason() == JobReason.DEPENDENCY_NEVER_SATISFIED;
    next.dependencySatisfied(now.remaining() == null);
    if (now.never() && isKilled(change, request)) {
      next.state(JobState.CANCELLED)
          .reason(JobReason.DEPENDENCY_NEVER_SATISFIED)
          .stateDescription(null)
          .startTime(change.now())
          .endTime(change.now());
      Ending.count(change, JobState.CANCELLED);
    } else if (now.remaining() != null && job.priority() != 0) {
      // A job that is held stays so.
      next.reason(now.never() ? JobReason.DEPENDENCY_NEVER_SATISFIED : JobReason.DEPENDENCY)
          .stateDescription(null)
          .eligibleTime(null)
          .accrueTime(null);
    } else if (now.remaining() == null && waited) {
      next.reason(JobReason.NONE).stateDescription(null);
      eligible(change, request, next);
    }
  }

  /** Mail for a job that has just become hopeless, or was killed for it. */
  static void tell(Change change, Job job) {
    if (job.reason() == JobReason.DEPENDENCY_NEVER_SATISFIED) {
      Mail.hopeless(change, job);
    }
    if (JobLifecycle.isFinished(job)) {
      Mail.ended(change, job);
    }
  }

  /** The job may be considered from now on, or from its begin time if that is later. */
  private static void eligible(Change change, JobRequest request, Job.Builder next) {
    boolean later = request.beginTime() != null && request.beginTime().isAfter(change.now());
    Instant from = later ? request.beginTime() : change.now();
    next.eligibleTime(from).accrueTime(from);
  }

  private static boolean isKilled(Change change, JobRequest request) {
    if ((request.bitFlags() & KILL_INVALID) != 0) {
      return true;
    }
    return (request.bitFlags() & KEEP_INVALID) == 0
        && (Settings.has(change.config(), "DependencyParameters", "kill_invalid_depend")
            || Settings.has(change.config(), "SchedulerParameters", "kill_invalid_depend"));
  }
}

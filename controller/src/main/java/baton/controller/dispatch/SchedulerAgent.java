package baton.controller.dispatch;

import baton.controller.apply.Delta;
import baton.controller.clock.Agent;
import baton.controller.clock.TimeSource;
import baton.controller.journal.ClusterLog;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.replication.StateAt;
import baton.controller.replication.StateFollower;
import baton.controller.scheduler.Budget;
import baton.controller.scheduler.Plan;
import baton.controller.scheduler.SchedulingFigures;
import baton.protocol.type.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * Plans on the leader whenever something changed that a plan depends on, or a begin time has come;
 * one plan at a time, off the writer's thread. What came in meanwhile is planned for together.
 *
 * <p>After a plan it rests for some times as long as the plan took, so that a long queue under a
 * storm of submissions does not take a core for itself; a plan for a short queue takes less than a
 * millisecond, and so does the rest.
 */
public final class SchedulerAgent implements Agent, StateFollower<ClusterState, Delta> {
  private static final long LONGEST_PLAN_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long NANOS_PER_MICRO = 1000;
  private static final long AGAIN_NANOS = Duration.ofMillis(500).toNanos();
  private static final long LONGEST_REST_NANOS = Duration.ofSeconds(1).toNanos();

  /** A plan is followed by a rest of so many times its own duration: a fifth of a core at most. */
  private static final int REST_FACTOR = 4;

  /** The scheduler: a pure function. */
  @FunctionalInterface
  public interface Planner {
    Plan plan(ClusterState snapshot, Instant now, Budget budget);
  }

  private final ClusterLog log;
  private final Planner planner;
  private final TimeSource time;
  private final Doorbell doorbell;
  private final Submitter submitter;
  private volatile boolean changed = true;
  private boolean underWay;
  private Instant nextBegin;
  private long notBeforeNanos;
  private final LongAdder plans = new LongAdder();
  private final AtomicReference<SchedulingFigures> figures =
      new AtomicReference<>(SchedulingFigures.NONE);
  private volatile long lastPlanNanos;

  public SchedulerAgent(ClusterLog log, Planner planner, TimeSource time, Doorbell doorbell) {
    this.log = log;
    this.planner = planner;
    this.time = time;
    this.doorbell = doorbell;
    this.submitter = new Submitter(log, doorbell);
    this.notBeforeNanos = time.monotonicNanos();
  }

  @Override
  public String roleName() {
    return "scheduler";
  }

  @Override
  public int doWork() {
    int done = submitter.takeUp();
    if (!log.isLeader() || underWay || time.monotonicNanos() - notBeforeNanos < 0) {
      return done;
    }
    Instant now = log.now();
    boolean begun = nextBegin != null && !nextBegin.isAfter(now);
    if (!changed && !begun) {
      return done;
    }
    changed = false;
    plan(now);
    return done + 1;
  }

  @Override
  public long restNanos() {
    long left = notBeforeNanos - time.monotonicNanos();
    return changed && !underWay && left > 0 ? left : Long.MAX_VALUE;
  }

  private void plan(Instant now) {
    ClusterState state = log.state();
    long start = time.monotonicNanos();
    Plan plan = planner.plan(state, now, () -> time.monotonicNanos() - start < LONGEST_PLAN_NANOS);
    nextBegin = nextBegin(state, now);
    long took = time.monotonicNanos() - start;
    lastPlanNanos = took;
    plans.increment();
    count(state, plan, now);
    notBeforeNanos = start + took + Math.min(REST_FACTOR * took, LONGEST_REST_NANOS);
    if (!plan.isEmpty()) {
      underWay = true;
      submitter.submit(plan.toCommand(now), this::planned);
    }
  }

  private void count(ClusterState state, Plan plan, Instant now) {
    long waiting = state.jobs().values().stream().filter(JobLifecycle::isPending).count();
    long micros = lastPlanNanos / NANOS_PER_MICRO;
    figures.updateAndGet(
        sofar ->
            sofar.and(
                now,
                micros,
                waiting,
                plan.examined(),
                plan.tried(),
                plan.backfilled(),
                plan.complete()));
  }

  private void planned(boolean committed) {
    underWay = false;
    if (!committed) {
      changed = true;
      notBeforeNanos = time.monotonicNanos() + AGAIN_NANOS;
    }
  }

  private static Instant nextBegin(ClusterState state, Instant now) {
    Instant next = null;
    for (Job job : state.jobs().values()) {
      Instant begin = job.request().beginTime();
      boolean waits = begin != null && JobLifecycle.isPending(job) && begin.isAfter(now);
      if (waits && (next == null || begin.isBefore(next))) {
        next = begin;
      }
    }
    return next;
  }

  /** What it did, for sdiag. Any thread. */
  public SchedulingFigures figures() {
    return figures.get();
  }

  /** Begins to count anew. Any thread. */
  public void resetFigures() {
    figures.updateAndGet(SchedulingFigures::reset);
  }

  /** Plans made so far. */
  public long plans() {
    return plans.sum();
  }

  /** How long the last plan took. */
  public long lastPlanNanos() {
    return lastPlanNanos;
  }

  @Override
  public void loaded(StateAt<ClusterState> current) {
    wake();
  }

  @Override
  public void changed(StateAt<ClusterState> current, List<Delta> deltas) {
    for (Delta delta : deltas) {
      if (!delta.nodes().isEmpty()
          || !delta.partitions().isEmpty()
          || delta.config()
          || !onlyNewAndHeld(current.state(), delta)) {
        wake();
        return;
      }
    }
  }

  /** A job that came in held is in nobody's way, and no plan has a word for it. */
  private static boolean onlyNewAndHeld(ClusterState state, Delta delta) {
    for (JobId id : delta.jobs()) {
      Job job = state.jobs().get(id).orElse(null);
      if (job == null || job.version() != 1 || !isHeld(job)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHeld(Job job) {
    return JobLifecycle.isPending(job)
        && job.priority() == 0
        && job.reason() == JobReason.HELD_BY_USER;
  }

  @Override
  public void leading(long term) {
    wake();
  }

  private void wake() {
    changed = true;
    doorbell.ring();
  }
}

package baton.controller.dispatch;

import baton.controller.apply.Delta;
import baton.controller.clock.Agent;
import baton.controller.clock.TimeSource;
import baton.controller.journal.ClusterLog;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.replication.StateAt;
import baton.controller.replication.StateFollower;
import baton.controller.scheduler.Budget;
import baton.controller.scheduler.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Plans on the leader whenever something changed that a plan depends on, or a begin time has come;
 * one plan at a time, off the writer's thread. What came in meanwhile is planned for together.
 */
public final class SchedulerAgent implements Agent, StateFollower<ClusterState, Delta> {
  private static final long LONGEST_PLAN_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long AGAIN_NANOS = Duration.ofMillis(500).toNanos();

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

  private void plan(Instant now) {
    ClusterState state = log.state();
    long start = time.monotonicNanos();
    Plan plan = planner.plan(state, now, () -> time.monotonicNanos() - start < LONGEST_PLAN_NANOS);
    lastPlanNanos = time.monotonicNanos() - start;
    plans.increment();
    nextBegin = nextBegin(state, now);
    if (!plan.isEmpty()) {
      underWay = true;
      submitter.submit(plan.toCommand(now), this::planned);
    }
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
      if (!delta.jobs().isEmpty()
          || !delta.nodes().isEmpty()
          || !delta.partitions().isEmpty()
          || delta.config()) {
        wake();
        return;
      }
    }
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

package baton.controller.apply;

import baton.controller.command.ApplyPlan;
import baton.controller.command.JobStart;
import baton.controller.command.JobWait;
import baton.controller.lifecycle.HetGroups;
import baton.controller.lifecycle.JobArrays;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.NodeLifecycle;
import baton.controller.model.Allocation;
import baton.controller.model.ClusterFacts;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobFlag;
import baton.controller.model.JobReason;
import baton.controller.model.JobState;
import baton.controller.model.LaunchState;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Applies a plan: what the state has outrun is left out, and the scheduler will look again. */
final class Starting {
  /** PrologFlags bit that asks for the prolog at allocation time. */
  private static final int PROLOG_AT_ALLOCATION = 0x1;

  /** PrologFlags bit that lets clients go on meanwhile. */
  private static final int PROLOG_NO_HOLD = 0x2;

  private static final long YEAR_SECONDS = 365L * 24 * 60 * 60;

  private static final Set<JobReason> NOT_ELIGIBLE =
      EnumSet.of(
          JobReason.HELD_BY_ADMIN,
          JobReason.HELD_BY_USER,
          JobReason.BEGIN_TIME,
          JobReason.DEPENDENCY,
          JobReason.DEPENDENCY_NEVER_SATISFIED);

  private Starting() {}

  static Reply applyPlan(Change change, ApplyPlan command) {
    Set<JobId> waiting = new HashSet<>();
    for (JobWait wait : command.waits()) {
      if (isCurrent(change.job(wait.jobId()), wait.version())) {
        waiting.add(wait.jobId());
      }
    }
    Map<JobId, ArraySplit> splits = new LinkedHashMap<>();
    for (JobStart start : command.starts()) {
      Job job = change.job(start.jobId());
      if (job != null && HetGroups.isComponent(job)) {
        if (HetGroups.isLeader(job)) {
          startTogether(change, command, job);
        }
        continue;
      }
      if (!isCurrent(job, start.version()) || !fits(change, start)) {
        continue;
      }
      if (start.arrayTaskId() == NoVal.NO_VAL) {
        start(change, job, start);
      } else if (JobArrays.isUnsplit(job)) {
        ArraySplit split = splits.computeIfAbsent(job.id(), id -> new ArraySplit(change, job));
        if (split.has(start.arrayTaskId())) {
          start(change, split.take(start.arrayTaskId()), start);
        }
      }
    }
    splits.values().forEach(ArraySplit::finish);
    for (JobWait wait : command.waits()) {
      Job job = change.job(wait.jobId());
      // An array whose tasks were started by this very plan is what the plan knew.
      if (waiting.contains(wait.jobId()) && isCurrent(job, job.version())) {
        waitOn(change, job, wait);
      }
    }
    return Reply.ACCEPTED;
  }

  /** Starts a job that was submitted just now, if what was found for it is still free. */
  static boolean startSubmitted(Change change, Job job, JobStart start) {
    if (!fits(change, start)) {
      return false;
    }
    start(change, job, start);
    return true;
  }

  /** The components of a heterogeneous job have no node in common: each can be judged alone. */
  private static void startTogether(Change change, ApplyPlan command, Job leader) {
    List<JobStart> starts = new ArrayList<>();
    Set<NodeName> nodes = new HashSet<>();
    boolean fit = true;
    for (JobStart start : command.starts()) {
      Job job = change.job(start.jobId());
      if (job != null && leader.id().equals(job.hetJobId())) {
        starts.add(start);
        fit &= isCurrent(job, start.version()) && fits(change, start);
        for (NodeAllocation share : start.allocation().nodes()) {
          fit &= nodes.add(share.node());
        }
      }
    }
    if (fit && starts.size() == 1 + HetJobs.components(change, leader).size()) {
      starts.forEach(start -> start(change, change.job(start.jobId()), start));
    }
  }

  private static boolean isCurrent(Job job, long version) {
    return job != null
        && job.version() == version
        && JobLifecycle.isPending(job)
        && !JobLifecycle.isCompleting(job);
  }

  private static boolean fits(Change change, JobStart start) {
    if (change.partition(start.partition()) == null || start.allocation().nodes().isEmpty()) {
      return false;
    }
    for (NodeAllocation share : start.allocation().nodes()) {
      Node node = change.node(share.node());
      if (node == null || !NodeLifecycle.isAvailable(node)) {
        return false;
      }
      if (!Sharing.allows(change, start, share)) {
        return false;
      }
    }
    return true;
  }

  private static void start(Change change, Job job, JobStart start) {
    Instant now = change.now();
    Allocation allocation = start.allocation();
    Partition partition = change.partition(start.partition());
    List<NodeName> nodes = allocation.nodes().stream().map(NodeAllocation::node).toList();
    boolean waits = ControllerScripts.hasProlog(change);
    long limitMinutes = limitMinutes(change, job, partition);
    Instant end =
        limitMinutes == NoVal.INFINITE
            ? now.plusSeconds(YEAR_SECONDS)
            : now.plusSeconds(limitMinutes * 60);
    Job there = inPartition(change, job, start.partition());
    change.put(
        there.toBuilder()
            .state(JobState.RUNNING)
            .preferred(start.preferred())
            .reason(JobReason.NONE)
            .stateDescription(null)
            .startTime(now)
            .endTime(end)
            .expectedStart(null)
            .expectedNodes(null)
            .eligibleTime(job.eligibleTime() == null ? now : job.eligibleTime())
            .lastScheduleTime(now)
            .timeLimitMinutes(limitMinutes)
            .allocation(List.of(allocation))
            .batchHost(nodes.get(0))
            .clientSeen(job.request().batch() ? null : now)
            .endTold(null)
            .stateFlags(waits ? job.stateFlags() | JobFlag.CONFIGURING : job.stateFlags()));
    NodeReasons.busy(change, nodes);
    ClusterFacts facts = change.facts();
    change.put(facts.toBuilder().started(facts.started() + 1));
    Job started = change.job(job.id());
    Mail.began(change, started);
    if (waits) {
      ControllerScripts.oweProlog(change, started);
    } else {
      launch(change, started);
    }
  }

  /** Of several partitions the one that it runs in comes first, and gives its priority. */
  private static Job inPartition(Change change, Job job, PartitionName name) {
    List<PartitionName> names = job.request().partitions();
    Job.Builder next = job.toBuilder().partition(name);
    if (names.size() < 2) {
      return next.build();
    }
    List<PartitionName> ordered = new ArrayList<>(List.of(name));
    names.stream().filter(one -> !one.equals(name)).forEach(ordered::add);
    next.request(job.request().toBuilder().partitions(ordered).build());
    return next.priority(Priorities.now(change, next.build())).build();
  }

  /** Owes a started job's nodes what gets it going; nothing else keeps it from running. */
  static void launch(Change change, Job job) {
    List<NodeName> nodes =
        job.allocation().get(0).nodes().stream().map(NodeAllocation::node).toList();
    boolean alone = !HetGroups.isComponent(job) || HetGroups.isLeader(job);
    boolean batch = job.request().batch() && alone;
    boolean prolog = (change.config().prologFlags() & PROLOG_AT_ALLOCATION) != 0;
    change.put(
        job.toBuilder()
            .stateFlags(job.stateFlags() & ~JobFlag.CONFIGURING)
            .reason(prolog && !isNotHeld(change) ? JobReason.PROLOG : JobReason.NONE)
            .prologNodes(prolog ? nodes : List.of())
            .launchState(batch ? LaunchState.OWED : LaunchState.NONE)
            .launchTime(change.now())
            .launchDoubtTime(null));
    if (prolog) {
      change.owe(owed(job, EffectKind.LAUNCH_PROLOG, nodes));
    }
    if (batch) {
      change.owe(owed(job, EffectKind.LAUNCH_BATCH, nodes.subList(0, 1)));
    }
  }

  /** PrologFlags=NoHold: the client may go on while prologs run. */
  private static boolean isNotHeld(Change change) {
    return (change.config().prologFlags() & PROLOG_NO_HOLD) != 0;
  }

  private static Effect.Builder owed(Job job, EffectKind kind, List<NodeName> nodes) {
    return Effect.builder()
        .kind(kind)
        .jobId(job.id())
        .restartCount(job.restartCount())
        .nodes(nodes);
  }

  /** The limit that a started job gets; a deadline cuts it short. */
  private static long limitMinutes(Change change, Job job, Partition partition) {
    long minutes = limitMinutes(job, partition);
    Instant deadline = job.request().deadline();
    if (deadline == null) {
      return minutes;
    }
    long left = Duration.between(change.now(), deadline).toMinutes();
    return left > 0 ? Math.min(minutes, left) : minutes;
  }

  /** Its own limit, else the partition's default, else its maximum. */
  private static long limitMinutes(Job job, Partition partition) {
    boolean fits = job.timeLimitMinutes() <= partition.maxTimeMinutes();
    if (job.timeLimitMinutes() != NoVal.NO_VAL && fits) {
      return job.timeLimitMinutes();
    }
    return partition.defaultTimeMinutes() != NoVal.NO_VAL
        ? partition.defaultTimeMinutes()
        : partition.maxTimeMinutes();
  }

  private static void waitOn(Change change, Job job, JobWait wait) {
    boolean eligible = !NOT_ELIGIBLE.contains(wait.reason());
    Job.Builder next =
        job.toBuilder()
            .reason(wait.reason())
            .stateDescription(wait.stateDescription())
            .expectedStart(wait.expectedStart())
            .expectedNodes(wait.expectedNodes())
            .lastScheduleTime(change.now());
    if (wait.partition() != null && change.partition(wait.partition()) != null) {
      next.partition(wait.partition());
      next.priority(Priorities.now(change, next.build()));
    }
    if (wait.reason() == JobReason.BAD_CONSTRAINTS && Impossible.is(change, job)) {
      next.priority(0);
    }
    if (eligible && job.eligibleTime() == null) {
      next.eligibleTime(change.now());
    }
    if (eligible && job.accrueTime() == null) {
      next.accrueTime(change.now());
    }
    change.put(next);
  }
}

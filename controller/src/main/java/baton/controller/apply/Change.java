package baton.controller.apply;

import baton.controller.lifecycle.Feasibility;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.ArrayIndex;
import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterFacts;
import baton.controller.model.ClusterState;
import baton.controller.model.Crontab;
import baton.controller.model.DependencyExpression;
import baton.controller.model.Effect;
import baton.controller.model.EffectId;
import baton.controller.model.EffectKind;
import baton.controller.model.Holding;
import baton.controller.model.Job;
import baton.controller.model.Node;
import baton.controller.model.NodeName;
import baton.controller.model.NodeOrder;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.model.Step;
import baton.controller.model.StepKey;
import baton.controller.model.collection.SortedTable;
import baton.controller.model.collection.Table;
import baton.protocol.type.JobId;
import baton.protocol.type.Uid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The state while one command is applied: starts as the old state, collects replacements, keeps the
 * derived index of holdings true, and ends as the new state with what changed. Lives within one
 * call of {@link StateMachine#apply}; not for sharing.
 */
final class Change {
  private final ClusterState before;
  private final Instant now;
  private ClusterConfig config;
  private ClusterFacts facts;
  private SortedTable<JobId, Job> jobs;
  private SortedTable<NodeName, Node> nodes;
  private SortedTable<PartitionName, Partition> partitions;
  private SortedTable<EffectId, Effect> effects;
  private SortedTable<StepKey, Step> steps;
  private SortedTable<Uid, Crontab> crontabs;
  private NodeOrder order;
  private Table<NodeName, List<Holding>> holdings;
  private Table<JobId, List<EffectId>> effectsByJob;
  private Table<NodeName, Integer> fences;
  private ArrayIndex arrays;
  private Table<JobId, List<JobId>> dependents;
  private final Set<JobId> changedJobs = new HashSet<>();
  private final Set<NodeName> changedNodes = new HashSet<>();
  private final Set<PartitionName> changedPartitions = new HashSet<>();
  private final Set<EffectId> changedEffects = new HashSet<>();
  private final List<Effect> owed = new ArrayList<>();
  private List<Job> stirred = new ArrayList<>();

  Change(ClusterState before, Instant now) {
    this.before = before;
    this.now = now;
    this.config = before.config();
    this.facts = before.facts();
    this.jobs = before.jobs();
    this.nodes = before.nodes();
    this.partitions = before.partitions();
    this.effects = before.effects();
    this.steps = before.steps();
    this.crontabs = before.crontabs();
    this.order = before.order();
    this.holdings = before.holdings();
    this.effectsByJob = before.effectsByJob();
    this.fences = before.fences();
    this.arrays = before.arrays();
    this.dependents = before.dependents();
  }

  Instant now() {
    return now;
  }

  ClusterConfig config() {
    return config;
  }

  NodeOrder order() {
    return order;
  }

  Job job(JobId id) {
    return jobs.get(id).orElse(null);
  }

  SortedTable<JobId, Job> jobs() {
    return jobs;
  }

  ArrayIndex arrays() {
    return arrays;
  }

  /** How many jobs there are, each task of an array counted. */
  long jobCount() {
    return jobs.size() + arrays.unsplitTasks();
  }

  Node node(NodeName name) {
    return nodes.get(name).orElse(null);
  }

  SortedTable<NodeName, Node> nodes() {
    return nodes;
  }

  Partition partition(PartitionName name) {
    return partitions.get(name).orElse(null);
  }

  SortedTable<PartitionName, Partition> partitions() {
    return partitions;
  }

  /** What these nodes and partitions could ever run. */
  Feasibility feasibility() {
    return new Feasibility(config, nodes, partitions, order);
  }

  SortedTable<EffectId, Effect> effects() {
    return effects;
  }

  Effect effect(EffectId id) {
    return effects.get(id).orElse(null);
  }

  Step step(StepKey key) {
    return steps.get(key).orElse(null);
  }

  /** The steps of a job as they stand, those that wait last. */
  List<Step> stepsOf(JobId jobId) {
    return List.copyOf(ClusterState.stepsOf(steps, jobId));
  }

  SortedTable<StepKey, Step> steps() {
    return steps;
  }

  void put(Step step) {
    steps = steps.with(StepKey.of(step), step);
  }

  /** What a user gave to scrontab; null for nothing. */
  Crontab crontab(Uid userId) {
    return crontabs.get(userId).orElse(null);
  }

  void put(Crontab crontab) {
    crontabs = crontabs.with(crontab.userId(), crontab);
  }

  void removeCrontab(Uid userId) {
    crontabs = crontabs.without(userId);
  }

  void removeStep(StepKey key) {
    steps = steps.without(key);
  }

  /** What is owed about a job, oldest first. */
  List<Effect> effectsOf(JobId jobId) {
    return effectsByJob.get(jobId).orElse(List.of()).stream().map(effects::require).toList();
  }

  List<Holding> holdingsOn(NodeName node) {
    return holdings.get(node).orElse(List.of());
  }

  ClusterFacts facts() {
    return facts;
  }

  void put(ClusterFacts.Builder changed) {
    facts = changed.build();
  }

  /** Puts a job, new or changed, and counts its version up. */
  void put(Job.Builder builder) {
    Job draft = builder.build();
    Job old = job(draft.id());
    if (old != null && !JobLifecycle.allows(old.state(), draft.state())) {
      throw new IllegalStateException(
          "job " + draft.id() + " cannot go from " + old.state() + " to " + draft.state());
    }
    Job job = draft.toBuilder().version(old == null ? 1 : old.version() + 1).build();
    if (old == null || stirs(old, job)) {
      stirred.add(job);
    }
    reindex(old, job);
    arrays = arrays.with(old, job);
    reindexDependents(old, job);
    jobs = jobs.with(job.id(), job);
    changedJobs.add(job.id());
  }

  /** True if those that depend on a job may stand otherwise now. */
  private static boolean stirs(Job old, Job job) {
    return old.state() != job.state()
        || old.stateFlags() != job.stateFlags()
        || !Objects.equals(old.request().name(), job.request().name());
  }

  /** Jobs that came, went or changed their state since the last call. */
  List<Job> takeStirred() {
    List<Job> taken = stirred;
    stirred = new ArrayList<>();
    return taken;
  }

  /** Pending jobs that wait for a job, an array, or their namesakes. */
  List<JobId> dependents(JobId id) {
    return dependents.get(id).orElse(List.of());
  }

  /** All that wait for others. */
  Table<JobId, List<JobId>> dependents() {
    return dependents;
  }

  /** Jobs that this command touched so far. */
  Set<JobId> changedJobs() {
    return changedJobs;
  }

  /** A job as it was before the command; null if it was not there. */
  Job jobBefore(JobId id) {
    return before.jobs().get(id).orElse(null);
  }

  /** Forgets a job. */
  void removeJob(JobId id) {
    Job old = job(id);
    if (old != null) {
      for (Step step : stepsOf(id)) {
        removeStep(StepKey.of(step));
      }
      reindex(old, null);
      arrays = arrays.with(old, null);
      reindexDependents(old, null);
      jobs = jobs.without(id);
      stirred.add(old);
      changedJobs.add(id);
    }
  }

  void put(Node node) {
    nodes = nodes.with(node.name(), node);
    changedNodes.add(node.name());
  }

  void removeNode(NodeName name) {
    nodes = nodes.without(name);
    changedNodes.add(name);
  }

  void put(Partition partition) {
    partitions = partitions.with(partition.name(), partition);
    changedPartitions.add(partition.name());
  }

  void removePartition(PartitionName name) {
    partitions = partitions.without(name);
    changedPartitions.add(name);
  }

  void put(ClusterConfig next) {
    config = next;
    order = NodeOrder.of(next);
  }

  /** Records a debt; its number and time are given here. */
  Effect owe(Effect.Builder builder) {
    EffectId id = facts.nextEffectId();
    put(facts.toBuilder().nextEffectId(id.next()));
    Effect effect = builder.id(id).madeAt(now).build();
    effects = effects.with(id, effect);
    recount(effect, 1);
    List<EffectId> ofJob = new ArrayList<>(effectsByJob.get(effect.jobId()).orElse(List.of()));
    ofJob.add(id);
    effectsByJob = effectsByJob.with(effect.jobId(), List.copyOf(ofJob));
    changedEffects.add(id);
    owed.add(effect);
    return effect;
  }

  /** Replaces a debt by what is left of it. */
  void put(Effect effect) {
    recount(effect(effect.id()), -1);
    recount(effect, 1);
    effects = effects.with(effect.id(), effect);
    changedEffects.add(effect.id());
  }

  /** Strikes a debt out, if it still stands. */
  void settle(EffectId id) {
    Effect effect = effect(id);
    if (effect == null) {
      return;
    }
    effects = effects.without(id);
    recount(effect, -1);
    List<EffectId> left =
        effectsByJob.require(effect.jobId()).stream().filter(other -> !other.equals(id)).toList();
    effectsByJob =
        left.isEmpty()
            ? effectsByJob.without(effect.jobId())
            : effectsByJob.with(effect.jobId(), left);
    changedEffects.add(id);
    owed.removeIf(other -> other.id().equals(id));
  }

  /** True while a fence is owed to a node: what it was given up with may still run there. */
  boolean isFenced(NodeName node) {
    return fences.get(node).isPresent();
  }

  private void recount(Effect effect, int by) {
    if (effect.kind() != EffectKind.ABORT_JOB) {
      return;
    }
    for (NodeName node : effect.nodes()) {
      int count = fences.get(node).orElse(0) + by;
      fences = count == 0 ? fences.without(node) : fences.with(node, count);
    }
  }

  @SuppressWarnings("ReferenceEquality") // a table that nobody changed is the same one
  Outcome outcome(Reply reply) {
    boolean reconfigured = !config.equals(before.config());
    ClusterFacts.Builder told =
        facts.toBuilder().now(now).commandsApplied(facts.commandsApplied() + 1);
    if (!changedJobs.isEmpty() || steps != before.steps()) {
      told.jobsChanged(now);
    }
    if (!changedNodes.isEmpty()) {
      told.nodesChanged(now);
    }
    if (!changedPartitions.isEmpty()) {
      told.partitionsChanged(now);
    }
    if (reconfigured) {
      told.configChanged(now);
    }
    ClusterState next =
        new ClusterState(
            config,
            told.build(),
            jobs,
            nodes,
            partitions,
            effects,
            steps,
            crontabs,
            order,
            holdings,
            effectsByJob,
            fences,
            arrays,
            dependents);
    Delta delta =
        new Delta(changedJobs, changedNodes, changedPartitions, changedEffects, reconfigured);
    return new Outcome(next, reply, delta, owed);
  }

  private void reindex(Job old, Job next) {
    List<Holding> before = Holding.heldBy(old);
    List<Holding> after = Holding.heldBy(next);
    if (before.equals(after)) {
      return;
    }
    for (Holding gone : before) {
      NodeName name = gone.share().node();
      List<Holding> rest =
          holdingsOn(name).stream().filter(held -> !held.jobId().equals(gone.jobId())).toList();
      holdings = rest.isEmpty() ? holdings.without(name) : holdings.with(name, rest);
      changedNodes.add(name);
    }
    for (Holding taken : after) {
      NodeName name = taken.share().node();
      List<Holding> all = new ArrayList<>(holdingsOn(name));
      all.add(taken);
      // In the order of job ids, as a state loaded from a snapshot has them.
      all.sort(Comparator.comparing(Holding::jobId));
      holdings = holdings.with(name, List.copyOf(all));
      changedNodes.add(name);
    }
  }

  private void reindexDependents(Job old, Job next) {
    boolean same =
        old != null
            && next != null
            && old.state() == next.state()
            && Objects.equals(old.request().dependency(), next.request().dependency());
    if (same) {
      return;
    }
    Set<JobId> before = old == null ? Set.of() : DependencyExpression.of(old).waitsFor();
    Set<JobId> after = next == null ? Set.of() : DependencyExpression.of(next).waitsFor();
    JobId id = old == null ? next.id() : old.id();
    for (JobId other : before) {
      if (!after.contains(other)) {
        List<JobId> left = dependents(other).stream().filter(job -> !job.equals(id)).toList();
        dependents = left.isEmpty() ? dependents.without(other) : dependents.with(other, left);
      }
    }
    for (JobId other : after) {
      if (!before.contains(other)) {
        List<JobId> all = new ArrayList<>(dependents(other));
        all.add(id);
        all.sort(Comparator.naturalOrder());
        dependents = dependents.with(other, List.copyOf(all));
      }
    }
  }
}

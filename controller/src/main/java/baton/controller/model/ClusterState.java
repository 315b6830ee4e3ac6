package baton.controller.model;

import baton.controller.model.collection.SortedTable;
import baton.controller.model.collection.Table;
import baton.protocol.type.JobId;
import baton.protocol.type.Uid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The cluster as one immutable value. A snapshot is a reference to it; any thread may read it. It
 * changes only by applying a command.
 *
 * @param config the configuration in force
 * @param facts the scalars
 * @param jobs every job that is known, by id
 * @param nodes every node, by name; {@code order} gives Slurm's order
 * @param partitions every partition, by name
 * @param effects what is owed to nodes, oldest first
 * @param steps every step that srun made or waits for; a job's stand together
 * @param crontabs what users gave to scrontab, by user
 * @param order the cluster's node order; derived from {@code config}
 * @param holdings who holds what on each node; derived from the jobs, absent for a node that nobody
 *     holds
 * @param effectsByJob which debts are about which job; derived from the debts
 * @param fences how many fences ({@link EffectKind#ABORT_JOB}) are owed to each node; derived from
 *     the debts, absent for a node that is owed none
 * @param arrays which jobs are tasks of which array; derived from the jobs
 * @param dependents which pending jobs wait for which job or array, in the order of their ids;
 *     derived from the jobs, see {@link DependencyExpression#waitsFor}
 */
public record ClusterState(
    ClusterConfig config,
    ClusterFacts facts,
    SortedTable<JobId, Job> jobs,
    SortedTable<NodeName, Node> nodes,
    SortedTable<PartitionName, Partition> partitions,
    SortedTable<EffectId, Effect> effects,
    SortedTable<StepKey, Step> steps,
    SortedTable<Uid, Crontab> crontabs,
    NodeOrder order,
    Table<NodeName, List<Holding>> holdings,
    Table<JobId, List<EffectId>> effectsByJob,
    Table<NodeName, Integer> fences,
    ArrayIndex arrays,
    Table<JobId, List<JobId>> dependents) {

  /** A cluster before its first configuration. */
  public static ClusterState empty() {
    return new ClusterState(
        ClusterConfig.builder().build(),
        ClusterFacts.builder().nextJobId(JobId.of(1)).nextEffectId(EffectId.of(1)).build(),
        SortedTable.empty(),
        SortedTable.empty(),
        SortedTable.empty(),
        SortedTable.empty(),
        SortedTable.empty(),
        SortedTable.empty(),
        NodeOrder.EMPTY,
        Table.empty(),
        Table.empty(),
        Table.empty(),
        ArrayIndex.EMPTY,
        Table.empty());
  }

  /** The state that records without steps and crontabs make. */
  public static ClusterState of(
      ClusterConfig config,
      ClusterFacts facts,
      SortedTable<JobId, Job> jobs,
      SortedTable<NodeName, Node> nodes,
      SortedTable<PartitionName, Partition> partitions,
      SortedTable<EffectId, Effect> effects) {
    return of(
        config, facts, jobs, nodes, partitions, effects, SortedTable.empty(), SortedTable.empty());
  }

  /** The state that a snapshot's records make: what is derived is derived anew. */
  public static ClusterState of(
      ClusterConfig config,
      ClusterFacts facts,
      SortedTable<JobId, Job> jobs,
      SortedTable<NodeName, Node> nodes,
      SortedTable<PartitionName, Partition> partitions,
      SortedTable<EffectId, Effect> effects,
      SortedTable<StepKey, Step> steps,
      SortedTable<Uid, Crontab> crontabs) {
    Map<NodeName, List<Holding>> held = new TreeMap<>();
    for (Job job : jobs.values()) {
      for (Holding holding : Holding.heldBy(job)) {
        held.computeIfAbsent(holding.share().node(), name -> new ArrayList<>()).add(holding);
      }
    }
    Map<JobId, List<EffectId>> owed = new TreeMap<>();
    Map<NodeName, Integer> fences = new TreeMap<>();
    for (Effect effect : effects.values()) {
      owed.computeIfAbsent(effect.jobId(), id -> new ArrayList<>()).add(effect.id());
      if (effect.kind() == EffectKind.ABORT_JOB) {
        effect.nodes().forEach(node -> fences.merge(node, 1, Integer::sum));
      }
    }
    Map<JobId, List<JobId>> waiting = new TreeMap<>();
    for (Job job : jobs.values()) {
      for (JobId other : DependencyExpression.of(job).waitsFor()) {
        waiting.computeIfAbsent(other, id -> new ArrayList<>()).add(job.id());
      }
    }
    waiting.replaceAll((id, jobIds) -> List.copyOf(jobIds));
    held.replaceAll((name, holdings) -> List.copyOf(holdings));
    owed.replaceAll((id, effectIds) -> List.copyOf(effectIds));
    return new ClusterState(
        config,
        facts,
        jobs,
        nodes,
        partitions,
        effects,
        steps,
        crontabs,
        NodeOrder.of(config),
        SortedTable.copyOf(held),
        SortedTable.copyOf(owed),
        SortedTable.copyOf(fences),
        ArrayIndex.of(jobs.values()),
        SortedTable.copyOf(waiting));
  }

  /** How many jobs there are, each task of an array counted. */
  public long jobCount() {
    return jobs.size() + arrays.unsplitTasks();
  }

  /** The steps of a job, those that wait last. */
  public Collection<Step> stepsOf(JobId jobId) {
    return stepsOf(steps, jobId);
  }

  /** As {@link #stepsOf(JobId)}, of any table of steps. */
  public static Collection<Step> stepsOf(SortedTable<StepKey, Step> steps, JobId jobId) {
    return steps
        .range(StepKey.firstOf(jobId), StepKey.firstOf(JobId.of(jobId.value() + 1)))
        .values();
  }

  /**
   * True while a node has not obeyed yet that a job which it was given up with must end: it may
   * still run there.
   */
  public boolean isFenced(NodeName node) {
    return fences.get(node).isPresent();
  }

  /** Who holds what on a node; empty when nobody does. */
  public List<Holding> holdingsOn(NodeName node) {
    return holdings.get(node).orElse(List.of());
  }
}

package baton.importer.map;

import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.ClusterFacts;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.model.Step;
import baton.controller.model.StepKey;
import baton.controller.model.collection.SortedTable;
import baton.importer.state.Fault;
import baton.importer.state.StateFormats;
import baton.protocol.state.JobStateHeader;
import baton.protocol.state.SavedJob;
import baton.protocol.state.SavedNode;
import baton.protocol.state.SavedPartition;
import baton.protocol.state.SavedStep;
import baton.protocol.type.JobId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Makes the state of a cluster of what slurmctld saved, over the configuration in force, as a start
 * of slurmctld does: nodes, then partitions, then jobs one by one, then {@link #end}. What cannot
 * be taken is left out and told. For one thread.
 */
public final class StateImport {
  private final ClusterState configured;
  private final TreeMap<NodeName, Node> nodes = new TreeMap<>();
  private final TreeMap<PartitionName, Partition> partitions = new TreeMap<>();
  private final TreeMap<JobId, Job> jobs = new TreeMap<>();
  private final TreeMap<StepKey, Step> steps = new TreeMap<>();
  private final ArrayFacts arrays = new ArrayFacts();
  private final List<Fault> faults = new ArrayList<>();
  private final List<Fault> changes = new ArrayList<>();

  /**
   * Begins with an empty cluster.
   *
   * @param configured the state that slurm.conf alone makes
   */
  public StateImport(ClusterState configured) {
    this.configured = configured;
    configured.nodes().values().forEach(node -> nodes.put(node.name(), node));
    configured.partitions().values().forEach(one -> partitions.put(one.name(), one));
  }

  /** A node's state; told if it is not in slurm.conf any more. */
  public void accept(SavedNode saved) {
    String name = Objects.requireNonNullElse(saved.nodeName(), "");
    Node known = name.isEmpty() ? null : nodes.get(NodeName.of(name));
    if (known == null) {
      tell(StateFormats.NODES.fileName(), "node " + name + " is not in slurm.conf");
      return;
    }
    try {
      nodes.put(known.name(), NodeFacts.take(saved, known));
    } catch (Unmappable e) {
      tell(StateFormats.NODES.fileName(), "node " + name + " " + e.getMessage());
    }
  }

  /** A partition's state; told if it is not in slurm.conf any more. */
  public void accept(SavedPartition saved) {
    String name = Objects.requireNonNullElse(saved.name(), "");
    Partition known = name.isEmpty() ? null : partitions.get(PartitionName.of(name));
    if (known == null) {
      tell(StateFormats.PARTITIONS.fileName(), "partition " + name + " is not in slurm.conf");
      return;
    }
    try {
      partitions.put(known.name(), PartitionFacts.take(saved, known, configured.order()));
    } catch (Unmappable e) {
      tell(StateFormats.PARTITIONS.fileName(), "partition " + name + " " + e.getMessage());
    }
  }

  /** Takes jobs, by what their file's header says. */
  public final class Jobs {
    private final JobImport mapper;
    private final StepImport stepMapper;
    private final Function<JobId, JobImport.Blobs> blobs;

    private Jobs(JobImport mapper, StepImport stepMapper, Function<JobId, JobImport.Blobs> blobs) {
      this.mapper = mapper;
      this.stepMapper = stepMapper;
      this.blobs = blobs;
    }

    /** One job. */
    public void accept(SavedJob saved) {
      try {
        JobId owner = saved.arrayJobId().value() == 0 ? saved.jobId() : saved.arrayJobId();
        boolean batch = saved.batchFlag() != 0;
        Job job = mapper.of(saved, batch ? blobs.apply(owner) : JobImport.Blobs.NONE);
        check(job);
        arrays.note(job, saved.arrayTasks());
        if (jobs.putIfAbsent(job.id(), job) != null) {
          throw new Unmappable("stands there twice; the first is taken");
        }
        note(saved);
        saved.steps().stream().filter(StepImport::isKept).forEach(step -> accept(job, step));
      } catch (Unmappable e) {
        tell(StateFormats.JOBS.fileName(), "job " + saved.jobId() + " " + e.getMessage());
      }
    }

    /** A step that cannot be taken does not cost its job. */
    private void accept(Job job, SavedStep saved) {
      try {
        Step step = stepMapper.of(job, saved);
        steps.put(StepKey.of(step), step);
      } catch (Unmappable e) {
        tell(StateFormats.JOBS.fileName(), "job " + job.id() + " " + e.getMessage());
      }
    }
  }

  /**
   * Begins with the jobs.
   *
   * @param qosNames names of QOS by their numbers
   * @param blobs script and environment of a job, or of an array by its id
   */
  public Jobs jobs(
      JobStateHeader header, Map<Long, String> qosNames, Function<JobId, JobImport.Blobs> blobs) {
    Instant savedAt = Instant.ofEpochSecond(header.savedAt());
    return new Jobs(new JobImport(savedAt, qosNames), new StepImport(savedAt), blobs);
  }

  /** What a job needs must be there, as at a start of slurmctld. */
  private void check(Job job) {
    for (PartitionName partition : job.request().partitions()) {
      if (!partitions.containsKey(partition)) {
        throw new Unmappable("is in partition " + partition + ", which is not in slurm.conf");
      }
    }
    boolean holds = !JobLifecycle.isCompleted(job) && !job.allocation().isEmpty();
    if (holds) {
      for (NodeAllocation share : job.allocation().get(0).nodes()) {
        if (!nodes.containsKey(share.node())) {
          throw new Unmappable("holds node " + share.node() + ", which is not in slurm.conf");
        }
      }
    }
  }

  /** What is otherwise from now on. */
  private void note(SavedJob saved) {
    if (!JobFacts.isKnownReason(saved.stateReason())) {
      changes.add(
          Fault.of(
              StateFormats.JOBS.fileName(),
              "job "
                  + saved.jobId()
                  + " waits for reason "
                  + saved.stateReason()
                  + ", a limit that is not honoured yet: it is judged anew"));
    }
  }

  private void tell(String file, String reason) {
    faults.add(Fault.of(file, reason));
  }

  /** What was taken, and is otherwise from now on. */
  public List<Fault> changes() {
    return List.copyOf(changes);
  }

  /** What could not be taken, in the order in which it came. */
  public List<Fault> faults() {
    return List.copyOf(faults);
  }

  /** The state of the cluster, once everything was given. */
  public ClusterState end(JobStateHeader header) {
    jobs.replaceAll((id, job) -> arrays.complete(job));
    ClusterFacts facts = configured.facts();
    long next = Math.max(facts.nextJobId().value(), header.lastJobId().value() + 1);
    return ClusterState.of(
        configured.config(),
        facts.toBuilder().nextJobId(JobId.of(next)).build(),
        SortedTable.copyOf(jobs),
        SortedTable.copyOf(nodes),
        SortedTable.copyOf(partitions),
        SortedTable.empty(),
        SortedTable.copyOf(steps),
        SortedTable.empty());
  }
}

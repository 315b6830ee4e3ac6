package baton.importer.read;

import baton.importer.state.Fault;
import baton.importer.state.JobFiles;
import baton.importer.state.StateFormats;
import baton.protocol.state.JobStateHeader;
import baton.protocol.state.NodeStateHeader;
import baton.protocol.state.SavedJob;
import baton.protocol.state.SavedNode;
import baton.protocol.state.SavedPartition;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares what the files say of each other: damage that a file alone does not show. Jobs are given
 * one by one; of each, its id is kept. For one thread.
 */
public final class Contradictions {

  private static final Pattern JOB_FILE =
      Pattern.compile("hash\\.(\\d)/job\\.(\\d{1,10})/(?:script|environment)");
  private static final int STATE_MASK = 0xff;
  private static final int LAST_UNFINISHED_STATE = 2;

  private final Set<String> nodes = new HashSet<>();
  private final Set<String> partitions = new HashSet<>();
  private final Set<String> paths;
  private final Set<JobId> jobs = new HashSet<>();
  private final Set<JobId> owners = new HashSet<>();
  private final List<Fault> faults = new ArrayList<>();

  /**
   * Begins with the nodes and partitions that there are.
   *
   * @param paths of all files
   */
  public Contradictions(
      StateFile<NodeStateHeader, SavedNode> nodeState,
      StateFile<?, SavedPartition> partitionState,
      Set<String> paths) {
    this.paths = paths;
    for (SavedNode node : nodeState.records()) {
      add(nodeState.path(), nodes, node.nodeName(), "node");
    }
    for (SavedPartition partition : partitionState.records()) {
      add(partitionState.path(), partitions, partition.name(), "partition");
    }
    nodeState
        .header()
        .map(NodeStateHeader::nodeCount)
        .filter(told -> told != 0 && told != nodeState.count())
        .ifPresent(
            told -> tell(nodeState.path(), told + " nodes told, " + nodeState.count() + " found"));
  }

  private void add(String path, Set<String> names, String name, String kind) {
    if (name == null || name.isEmpty()) {
      tell(path, "a " + kind + " without name");
    } else if (!names.add(name)) {
      tell(path, kind + " " + name + " stands there twice");
    }
  }

  private void tell(String path, String reason) {
    faults.add(Fault.of(path, reason));
  }

  /** Looks at the next job. */
  public void accept(SavedJob job) {
    JobId id = job.jobId();
    if (id.value() == 0 || id.value() >= NoVal.NO_VAL) {
      tell(id, "is no id of a job");
    }
    if (!jobs.add(id)) {
      tell(id, "stands there twice");
    }
    owners.add(id);
    if (job.arrayJobId().value() != 0) {
      owners.add(job.arrayJobId());
    }
    for (String partition : partitionsOf(job)) {
      if (!partitions.contains(partition)) {
        tell(id, "is in partition " + partition + ", which does not exist");
      }
    }
    places(job);
    files(job);
  }

  private static List<String> partitionsOf(SavedJob job) {
    return job.partition() == null ? List.of() : List.of(job.partition().split(",", -1));
  }

  private void tell(JobId job, String reason) {
    tell(StateFormats.JOBS.fileName(), "job " + job.value() + " " + reason);
  }

  private void places(SavedJob job) {
    List<String> held = hosts(job, job.nodes());
    for (String node : held) {
      if (!nodes.contains(node)) {
        tell(job.jobId(), "holds node " + node + ", which does not exist");
      }
    }
    long count = job.resources().nodeCount();
    if (count != NoVal.NO_VAL && hosts(job, job.resources().nodeList()).size() != count) {
      tell(job.jobId(), "holds resources of " + count + " nodes, but names others");
    }
  }

  private List<String> hosts(SavedJob job, String list) {
    try {
      return list == null ? List.of() : HostList.parse(list).hosts();
    } catch (HostListException e) {
      tell(job.jobId(), "names nodes wrongly: " + e.getMessage());
      return List.of();
    }
  }

  /** A batch job that has not ended needs its script to be requeued; that of an array is shared. */
  private void files(SavedJob job) {
    boolean ended = (job.jobState() & STATE_MASK) > LAST_UNFINISHED_STATE;
    if (job.batchFlag() == 0 || ended) {
      return;
    }
    JobId owner = job.arrayJobId().value() == 0 ? job.jobId() : job.arrayJobId();
    for (String path : List.of(JobFiles.scriptPath(owner), JobFiles.environmentPath(owner))) {
      if (!paths.contains(path)) {
        tell(path, "is missing, and job " + job.jobId().value() + " needs it");
      }
    }
  }

  /**
   * What was found, once all jobs were given.
   *
   * @param header of job_state
   */
  public List<Fault> end(JobStateHeader header) {
    for (String path : paths) {
      Matcher file = JOB_FILE.matcher(path);
      if (file.matches() && !owners.contains(JobId.of(Long.parseLong(file.group(2))))) {
        tell(path, "belongs to no job");
      }
    }
    if (header.lastJobId().value() == 0 && !jobs.isEmpty()) {
      tell(StateFormats.JOBS.fileName(), "the last id given is 0, and there are jobs");
    }
    return List.copyOf(faults);
  }
}

package baton.importer.read;

import baton.importer.state.StateFormats;
import baton.protocol.state.SavedJob;
import baton.protocol.state.SavedStep;
import baton.protocol.type.NoVal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where a job and its steps run, against the nodes and partitions that there are. */
final class JobPlaces {

  /** From here on, ids of steps have a meaning of their own: batch, extern, interactive. */
  private static final long FIRST_SPECIAL_STEP = 0xffff_fff0L;

  private final Set<String> nodes;
  private final Set<String> partitions;
  private final Findings findings;

  JobPlaces(Set<String> nodes, Set<String> partitions, Findings findings) {
    this.nodes = nodes;
    this.partitions = partitions;
    this.findings = findings;
  }

  void accept(SavedJob job) {
    if (job.partition() != null) {
      for (String partition : job.partition().split(",", -1)) {
        if (!partitions.contains(partition)) {
          findings.tell(job.jobId(), "is in partition " + partition + ", which does not exist");
        }
      }
    }
    Set<String> held = new HashSet<>(hosts(job, job.nodes()));
    for (String node : held) {
      if (!nodes.contains(node)) {
        findings.tell(job.jobId(), "holds node " + node + ", which does not exist");
      }
    }
    List<String> resources = hosts(job, job.resources().nodeList());
    long count = job.resources().nodeCount();
    if (count != NoVal.NO_VAL && resources.size() != count) {
      findings.tell(job.jobId(), "holds resources of " + count + " nodes, but names others");
    }
    inside(job, held, resources, "holds resources of");
    inside(job, held, hosts(job, job.nodesCompleting()), "completes on");
    if (job.batchHost() != null && !job.batchHost().isEmpty()) {
      inside(job, held, List.of(job.batchHost()), "has its script on");
    }
    steps(job, held);
  }

  private List<String> hosts(SavedJob job, String list) {
    return findings.hosts(StateFormats.JOBS.fileName(), "job " + job.jobId().value(), list);
  }

  private void inside(SavedJob job, Set<String> held, List<String> named, String verb) {
    for (String node : named) {
      if (!held.contains(node)) {
        findings.tell(job.jobId(), verb + " node " + node + ", which it does not hold");
      }
    }
  }

  private void steps(SavedJob job, Set<String> held) {
    Set<List<Long>> ids = new HashSet<>();
    for (SavedStep step : job.steps()) {
      long id = step.stepId();
      if (!ids.add(List.of(id, step.stepHetComponent()))) {
        findings.tell(job.jobId(), "has step " + id + " twice");
      }
      if (id < FIRST_SPECIAL_STEP && id > job.nextStepId()) {
        findings.tell(job.jobId(), "has step " + id + ", and the next is " + job.nextStepId());
      }
      if (step.layout().present() != 0) {
        inside(job, held, hosts(job, step.layout().nodeList()), "has step " + id + " on");
      }
    }
  }
}

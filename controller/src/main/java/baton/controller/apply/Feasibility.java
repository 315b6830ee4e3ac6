package baton.controller.apply;

import baton.controller.model.JobRequest;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.protocol.error.SlurmError;
import baton.protocol.type.HostList;
import java.util.Arrays;
import java.util.List;

/** Whether the nodes of a partition could ever hold a request, were they all idle. */
final class Feasibility {
  private Feasibility() {}

  static SlurmError check(Change change, JobRequest request, Partition partition) {
    HostList excluded =
        request.excludedNodes() == null
            ? HostList.empty()
            : SubmissionCheck.hosts(request.excludedNodes());
    long nodes = 0;
    long cpus = 0;
    long partitionCpus = 0;
    for (NodeName name : partition.members()) {
      NodeDefinition node = SubmissionCheck.definition(change, name);
      if (node == null) {
        continue;
      }
      partitionCpus += node.cpus();
      if (!excluded.contains(name.value()) && holds(request, node)) {
        nodes++;
        cpus += node.cpus();
      }
    }
    if (request.minCpus() > partitionCpus) {
      return SlurmError.ESLURM_TOO_MANY_REQUESTED_CPUS;
    }
    if (request.minNodes() > partition.members().size()) {
      return SlurmError.ESLURM_INVALID_NODE_COUNT;
    }
    boolean enough = nodes >= Math.max(1, request.minNodes()) && cpus >= request.minCpus();
    return enough ? null : SlurmError.ESLURM_REQUESTED_NODE_CONFIG_UNAVAILABLE;
  }

  private static boolean holds(JobRequest request, NodeDefinition node) {
    long memory = request.memoryMiB();
    if (request.memoryPerCpu()) {
      memory *= Math.max(1, request.minCpusPerNode());
    }
    return node.cpus() >= request.minCpusPerNode()
        && node.realMemoryMiB() >= memory
        && node.tmpDiskMiB() >= request.minTmpDiskMiB()
        && hasFeatures(request.features(), node.features());
  }

  /** Features joined by {@code &} or {@code ,}; other expressions are the scheduler's to judge. */
  private static boolean hasFeatures(String wanted, String offered) {
    if (wanted == null || wanted.matches(".*[|\\[\\]*()].*")) {
      return true;
    }
    List<String> have = offered == null ? List.of() : Arrays.asList(offered.split(",", -1));
    return Arrays.stream(wanted.split("[&,]", -1)).allMatch(have::contains);
  }
}

package baton.controller.query;

import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobFlag;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import java.util.HashSet;
import java.util.Set;

/**
 * What an asker may see: partitions that are hidden or not for his groups, what is only in them,
 * and the jobs of others under PrivateData. Made for one answer.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/slurmctld/{partition_mgr,job_mgr,node_mgr}.c.
 */
final class Visibility {
  private static final long HIDDEN_PARTITION = 0x2;
  private static final int PRIVATE_JOBS = 0x1;
  private static final int PRIVATE_NODES = 0x2;
  private static final int PRIVATE_PARTITIONS = 0x4;

  private final ClusterState state;
  private final Asker asker;
  private final Set<PartitionName> hidden = new HashSet<>();
  private final Set<NodeName> shown = new HashSet<>();
  private final Set<NodeName> members = new HashSet<>();
  private boolean anyGroups;

  Visibility(ClusterState state, Asker asker) {
    this.state = state;
    this.asker = asker;
    if (asker.operator() || asker.all()) {
      return;
    }
    for (Partition partition : state.partitions().values()) {
      members.addAll(partition.members());
      anyGroups |= partition.allowGroups() != null;
      if (isHidden(partition)) {
        hidden.add(partition.name());
      } else {
        shown.addAll(partition.members());
      }
    }
  }

  private boolean isHidden(Partition partition) {
    boolean forHim =
        partition.allowGroups() == null
            || partition.allowUids().stream().anyMatch(uid -> uid == asker.uid().value());
    return (partition.flags() & HIDDEN_PARTITION) != 0 || !forHim;
  }

  /** True if all nodes are withheld from everybody but operators. */
  boolean nodesDenied() {
    return !asker.operator() && (state.config().privateData() & PRIVATE_NODES) != 0;
  }

  /** True if all partitions are withheld from everybody but operators. */
  boolean partitionsDenied() {
    return !asker.operator() && (state.config().privateData() & PRIVATE_PARTITIONS) != 0;
  }

  boolean shows(Partition partition) {
    return !hidden.contains(partition.name());
  }

  /** True if it is nobody's own partition or job that decides what he may see. */
  boolean hidesNoJobs() {
    return !asker.operator()
        && hidden.isEmpty()
        && !anyGroups
        && (state.config().privateData() & PRIVATE_JOBS) == 0;
  }

  /** A node is hidden if it is in partitions and all of them are. */
  boolean shows(NodeName node) {
    return hidden.isEmpty() || shown.contains(node) || !members.contains(node);
  }

  boolean shows(Job job) {
    return asker.operator() || (inShownPartition(job) && showsOwner(job));
  }

  /** As for a job that is asked for by its id: its partition does not matter. */
  boolean showsOwner(Job job) {
    if (asker.operator()) {
      return true;
    }
    boolean revoked = (job.stateFlags() & JobFlag.REVOKED) != 0 && !asker.all();
    boolean another = !job.request().userId().equals(asker.uid());
    return !revoked && !(another && (state.config().privateData() & PRIVATE_JOBS) != 0);
  }

  private boolean inShownPartition(Job job) {
    if (hidden.isEmpty()) {
      return true;
    }
    if (job.request().partitions().size() > 1) {
      return job.request().partitions().stream().anyMatch(name -> !hidden.contains(name));
    }
    return !hidden.contains(job.partition());
  }
}

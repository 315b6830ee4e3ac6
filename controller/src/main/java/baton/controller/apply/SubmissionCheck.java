package baton.controller.apply;

import baton.controller.command.Caller;
import baton.controller.model.JobRequest;
import baton.controller.model.Node;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.protocol.error.SlurmError;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.NoVal;
import java.util.List;

/** Whether a request makes sense, and whether a partition lets it in. */
final class SubmissionCheck {
  private static final long NO_ROOT = 0x4;
  private static final long ROOT_ONLY = 0x8;
  private static final long REQUIRES_RESERVATION = 0x10;
  private static final int SCHEDULES = 0x2;
  private static final int SUBMITS = 0x1;

  private SubmissionCheck() {}

  /** Checks that need no partition; null if all is well. */
  static SlurmError sizes(Change change, JobRequest asked) {
    if (asked.arrayIndexes() != null) {
      return SlurmError.ESLURM_INVALID_ARRAY;
    }
    if (asked.batch() && asked.script() == null) {
      return SlurmError.ESLURM_JOB_SCRIPT_MISSING;
    }
    if (asked.reservation() != null) {
      return SlurmError.ESLURM_RESERVATION_INVALID;
    }
    if (asked.licenses() != null) {
      return SlurmError.ESLURM_INVALID_LICENSES;
    }
    if (asked.tresPerNode() != null
        || asked.tresPerJob() != null
        || asked.tresPerSocket() != null
        || asked.tresPerTask() != null) {
      return SlurmError.ESLURM_INVALID_GRES;
    }
    if (asked.maxNodes() != 0 && asked.maxNodes() < asked.minNodes()) {
      return SlurmError.ESLURM_INVALID_NODE_COUNT;
    }
    if (asked.deadline() != null && asked.deadline().isBefore(change.now())) {
      return SlurmError.ESLURM_INVALID_TIME_VALUE;
    }
    SlurmError refusal = known(change, asked.requiredNodes());
    return refusal != null ? refusal : known(change, asked.excludedNodes());
  }

  /** Checks against the partitions asked for; with several, one that lets it in is enough. */
  static SlurmError partitions(
      Change change, Caller caller, JobRequest request, List<PartitionName> names) {
    SlurmError first = null;
    for (PartitionName name : names) {
      SlurmError refusal = partition(change, caller, request, change.partition(name));
      if (refusal == null) {
        return null;
      }
      first = first == null ? refusal : first;
    }
    return first;
  }

  private static SlurmError partition(
      Change change, Caller caller, JobRequest request, Partition partition) {
    SlurmError refusal = access(caller, request, partition);
    if (refusal != null) {
      return refusal;
    }
    if ((partition.stateUp() & SUBMITS) == 0) {
      return SlurmError.ESLURM_PARTITION_NOT_AVAIL;
    }
    if (request.requiredNodes() != null) {
      for (String host : hosts(request.requiredNodes()).hosts()) {
        if (!partition.members().contains(NodeName.of(host))) {
          return SlurmError.ESLURM_REQUESTED_NODES_NOT_IN_PARTITION;
        }
      }
    }
    if (change.config().enforcePartLimits() != 0 && (partition.stateUp() & SCHEDULES) != 0) {
      refusal = limits(request, partition);
      if (refusal != null) {
        return refusal;
      }
    }
    return Feasibility.check(change, request, partition);
  }

  private static SlurmError access(Caller caller, JobRequest request, Partition partition) {
    if ((partition.flags() & REQUIRES_RESERVATION) != 0 && request.reservation() == null) {
      return SlurmError.ESLURM_ACCESS_DENIED;
    }
    if ((partition.flags() & ROOT_ONLY) != 0 && !caller.superUser()) {
      return SlurmError.ESLURM_ACCESS_DENIED;
    }
    if ((partition.flags() & NO_ROOT) != 0 && request.userId().value() == 0) {
      return SlurmError.ESLURM_USER_ID_MISSING;
    }
    boolean listed =
        partition.allowGroups() == null
            || request.userId().value() == 0
            || partition.allowUids().stream().anyMatch(uid -> uid == request.userId().value());
    return listed ? null : SlurmError.ESLURM_JOB_MISSING_REQUIRED_PARTITION_GROUP;
  }

  private static SlurmError limits(JobRequest request, Partition partition) {
    if (request.minNodes() < partition.minNodes() || request.minNodes() > partition.maxNodes()) {
      return SlurmError.ESLURM_INVALID_NODE_COUNT;
    }
    boolean tooLong =
        request.timeLimitMinutes() != NoVal.NO_VAL
            && request.timeLimitMinutes() > partition.maxTimeMinutes();
    return tooLong ? SlurmError.ESLURM_INVALID_TIME_LIMIT : null;
  }

  private static SlurmError known(Change change, String expression) {
    if (expression == null) {
      return null;
    }
    HostList list = hosts(expression);
    if (list == null) {
      return SlurmError.ESLURM_INVALID_NODE_NAME;
    }
    for (String host : list.hosts()) {
      if (change.node(NodeName.of(host)) == null) {
        return SlurmError.ESLURM_INVALID_NODE_NAME;
      }
    }
    return null;
  }

  /** The hosts of an expression; null if it is none. */
  static HostList hosts(String expression) {
    try {
      return HostList.parse(expression);
    } catch (HostListException notAHostList) {
      return null;
    }
  }

  static NodeDefinition definition(Change change, NodeName name) {
    Node node = change.node(name);
    return node == null ? null : node.definition();
  }
}

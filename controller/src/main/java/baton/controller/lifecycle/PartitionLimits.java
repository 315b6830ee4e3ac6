package baton.controller.lifecycle;

import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.Node;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.collection.SortedTable;
import baton.protocol.error.SlurmError;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.NoVal;

/**
 * What a partition lets a job ask for, checked in slurmctld's order: when it is submitted, and each
 * time that it is looked at.
 */
public final class PartitionLimits {
  private static final long NO_ROOT = 0x4;
  private static final long ROOT_ONLY = 0x8;
  private static final long REQUIRES_RESERVATION = 0x10;
  private static final int SUBMITS = 0x1;
  private static final int SCHEDULES = 0x2;

  private PartitionLimits() {}

  /**
   * The size of a partition.
   *
   * @param nodes how many nodes it has
   * @param cpus how many CPUs they are declared with
   */
  public record Size(long nodes, long cpus) {
    public static Size of(SortedTable<NodeName, Node> nodes, Partition partition) {
      long count = 0;
      long cpus = 0;
      for (NodeName name : partition.members()) {
        Node node = nodes.get(name).orElse(null);
        if (node != null) {
          count++;
          cpus += node.definition().cpus();
        }
      }
      return new Size(count, cpus);
    }
  }

  /**
   * Why the job is not let into the partition; null if it is.
   *
   * @param superUser whether root or SlurmUser asks
   * @param timeLimitMinutes the limit asked for; NO_VAL for none
   */
  public static SlurmError refusal(
      JobRequest request,
      boolean superUser,
      long timeLimitMinutes,
      Partition partition,
      Size size) {
    SlurmError refusal = access(request, superUser, partition);
    if (refusal != null) {
      return refusal;
    }
    if ((partition.stateUp() & SCHEDULES) == 0) {
      return null;
    }
    if (request.minCpus() > size.cpus()
        || (partition.maxCpusPerNode() != NoVal.INFINITE
            && request.minCpus() > partition.maxCpusPerNode() * size.nodes())) {
      return SlurmError.ESLURM_TOO_MANY_REQUESTED_CPUS;
    }
    boolean tooMany =
        request.minNodes() > size.nodes()
            || (request.maxNodes() != 0 && request.maxNodes() > partition.maxNodes());
    if (tooMany || request.minNodes() < partition.minNodes()) {
      return SlurmError.ESLURM_INVALID_NODE_COUNT;
    }
    boolean tooLong =
        timeLimitMinutes != NoVal.NO_VAL && timeLimitMinutes > partition.maxTimeMinutes();
    return tooLong ? SlurmError.ESLURM_INVALID_TIME_LIMIT : null;
  }

  /** Why a job that waits cannot start in the partition whatever is free; null if it can. */
  public static JobReason reason(
      JobRequest request, long timeLimitMinutes, Partition partition, Size size) {
    boolean root = request.userId().value() == 0;
    SlurmError refusal = refusal(request, root, timeLimitMinutes, partition, size);
    if (refusal == SlurmError.ESLURM_INVALID_TIME_LIMIT) {
      return JobReason.PARTITION_TIME_LIMIT;
    }
    if (refusal == SlurmError.ESLURM_INVALID_NODE_COUNT) {
      return JobReason.PARTITION_NODE_LIMIT;
    }
    if (refusal != null) {
      return JobReason.PARTITION_CONFIG;
    }
    if (partition.stateUp() == SUBMITS) {
      return JobReason.PARTITION_DOWN;
    }
    return partition.stateUp() == 0 ? JobReason.PARTITION_INACTIVE : null;
  }

  private static SlurmError access(JobRequest request, boolean superUser, Partition partition) {
    if ((partition.flags() & REQUIRES_RESERVATION) != 0 && request.reservation() == null) {
      return SlurmError.ESLURM_ACCESS_DENIED;
    }
    if ((partition.flags() & ROOT_ONLY) != 0 && !superUser) {
      return SlurmError.ESLURM_ACCESS_DENIED;
    }
    if ((partition.flags() & NO_ROOT) != 0 && request.userId().value() == 0) {
      return SlurmError.ESLURM_USER_ID_MISSING;
    }
    if (isStranger(request, partition)) {
      return SlurmError.ESLURM_JOB_MISSING_REQUIRED_PARTITION_GROUP;
    }
    return submitsFrom(partition, request.submitHost()) ? null : SlurmError.ESLURM_ACCESS_DENIED;
  }

  /** True if the owner is in none of the groups that the partition is for. */
  public static boolean isStranger(JobRequest request, Partition partition) {
    return partition != null
        && partition.allowGroups() != null
        && request.userId().value() != 0
        && partition.allowUids().stream().noneMatch(uid -> uid == request.userId().value());
  }

  /** What slurmctld says from 23.02 of a job whose owner is in none of the groups; else null. */
  public static String strangerText(JobRequest request, Partition partition) {
    return isStranger(request, partition)
        ? "uid %d not in group permitted to use this partition (%s). groups allowed: %s"
            .formatted(request.userId().value(), partition.name().value(), partition.allowGroups())
        : null;
  }

  /** AllocNodes. */
  private static boolean submitsFrom(Partition partition, String host) {
    if (partition.allocNodes() == null) {
      return true;
    }
    try {
      return host != null && HostList.parse(partition.allocNodes()).hosts().contains(host);
    } catch (HostListException notHosts) {
      return false;
    }
  }
}

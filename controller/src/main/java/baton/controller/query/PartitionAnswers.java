package baton.controller.query;

import baton.controller.lifecycle.JobDefaults;
import baton.controller.model.ClusterState;
import baton.controller.model.Node;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.protocol.message.JobDefault;
import baton.protocol.message.PartitionInfo;
import baton.protocol.message.PartitionInfoResponse;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.Release;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Partitions as {@code sinfo} and {@code scontrol show partition} see them.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/slurmctld/partition_mgr.c.
 */
public final class PartitionAnswers {
  private static final long PER_CPU = 0x8000000000000000L;
  private static final long MAX_FLAGS_16 = 0xffff;

  private PartitionAnswers() {}

  /** All partitions that the asker may see, in the order of slurm.conf. */
  public static PartitionInfoResponse all(ClusterState state, Asker asker) {
    Visibility visibility = new Visibility(state, asker);
    List<PartitionInfo> shown = new ArrayList<>();
    for (Partition partition : inOrder(state)) {
      if (visibility.shows(partition)) {
        shown.add(of(state, partition, asker));
      }
    }
    return PartitionInfoResponse.builder()
        .recordCount(shown.size())
        .lastUpdate(state.facts().now().getEpochSecond())
        .partitions(shown)
        .build();
  }

  /** True if PrivateData withholds partitions from the asker. */
  public static boolean denied(ClusterState state, Asker asker) {
    return new Visibility(state, asker).partitionsDenied();
  }

  /** First those of slurm.conf, then those that were made since. */
  private static List<Partition> inOrder(ClusterState state) {
    Set<PartitionName> names = new LinkedHashSet<>();
    state.config().partitions().forEach(partition -> names.add(partition.name()));
    state.partitions().values().forEach(partition -> names.add(partition.name()));
    List<Partition> ordered = new ArrayList<>(names.size());
    for (PartitionName name : names) {
      state.partitions().get(name).ifPresent(ordered::add);
    }
    return ordered;
  }

  private static PartitionInfo of(ClusterState state, Partition partition, Asker asker) {
    long cpus = 0;
    long memory = 0;
    for (NodeName name : partition.members()) {
      NodeDefinition node = state.nodes().get(name).map(Node::definition).orElse(null);
      if (node != null) {
        cpus += node.cpus();
        memory += node.realMemoryMiB();
      }
    }
    int nodes = partition.members().size();
    long billing = (long) TresText.billing(partition, cpus, memory, nodes);
    PartitionInfo.Builder info =
        PartitionInfo.builder()
            .name(partition.name().value())
            .totalNodes(nodes)
            .totalCpus(cpus)
            .nodes(partition.nodes())
            .nodeSets(nodeSets(partition, asker))
            .nodeBitmap(NodeLists.bits(state.order(), partition.members()))
            .tres(TresText.of(cpus, memory, nodes, billing))
            .billingWeights(partition.billingWeights())
            .flags(partition.flags() & MAX_FLAGS_16)
            .stateUp(partition.stateUp())
            .consumableResources(partition.crType())
            .cpuBind(partition.cpuBind())
            .jobDefaults(jobDefaults(partition));
    limits(partition, info);
    access(partition, info);
    return info.build();
  }

  private static List<JobDefault> jobDefaults(Partition partition) {
    if (partition.jobDefaults() == null) {
      return null;
    }
    return JobDefaults.parse(partition.jobDefaults()).orElse(List.of()).stream()
        .map(item -> JobDefault.builder().type(item.type()).value(item.value()).build())
        .toList();
  }

  /**
   * The nodes as typed, where they are more than a list of nodes; from 23.11 ALL counts as more.
   */
  private static String nodeSets(Partition partition, Asker asker) {
    String typed = partition.nodeSets();
    if (typed == null) {
      return null;
    }
    if (typed.equalsIgnoreCase("ALL")) {
      return asker.release().atLeast(Release.V23_11) ? "ALL" : null;
    }
    try {
      for (String name : HostList.parse(typed)) {
        if (!partition.members().contains(NodeName.of(name))) {
          return typed;
        }
      }
      return null;
    } catch (HostListException | IllegalArgumentException notAList) {
      return typed;
    }
  }

  private static void limits(Partition partition, PartitionInfo.Builder info) {
    info.graceTime(partition.graceTimeSeconds())
        .maxTime(partition.maxTimeMinutes())
        .defaultTime(partition.defaultTimeMinutes())
        .maxNodes(partition.maxNodes())
        .minNodes(partition.minNodes())
        .defaultMemoryPerCpu(memory(partition.defaultMemoryMiB(), partition.defaultMemoryPerCpu()))
        .maxMemoryPerCpu(memory(partition.maxMemoryMiB(), partition.maxMemoryPerCpu()))
        .maxCpusPerNode(partition.maxCpusPerNode())
        .maxCpusPerSocket(partition.maxCpusPerSocket())
        .maxShare(partition.maxShare())
        .overTimeLimit(partition.overTimeLimitMinutes())
        .preemptMode(partition.preemptMode())
        .priorityJobFactor(partition.priorityJobFactor())
        .priorityTier(partition.priorityTier())
        .resumeTimeout(partition.resumeTimeoutSeconds())
        .suspendTimeout(partition.suspendTimeoutSeconds())
        .suspendTime(partition.suspendTimeSeconds());
  }

  private static void access(Partition partition, PartitionInfo.Builder info) {
    info.allowAccounts(partition.allowAccounts())
        .allowGroups(partition.allowGroups())
        .allowAllocNodes(partition.allocNodes())
        .allowQos(partition.allowQos())
        .qos(partition.qos())
        .alternate(partition.alternate())
        .denyAccounts(partition.denyAccounts())
        .denyQos(partition.denyQos());
  }

  private static long memory(long mib, boolean perCpu) {
    return mib == 0 || !perCpu ? mib : mib | PER_CPU;
  }
}

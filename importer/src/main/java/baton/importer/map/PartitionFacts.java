package baton.importer.map;

import baton.controller.model.NodeName;
import baton.controller.model.NodeOrder;
import baton.controller.model.Partition;
import baton.protocol.state.SavedPartition;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Partitions: part_state has them as they were last, with what was changed by scontrol since
 * slurm.conf was read. What it does not have (default memory, TRES weights, ...) is slurm.conf's.
 */
final class PartitionFacts {
  private static final FactTable<
          SavedPartition, SavedPartition.Builder, Partition, Partition.Builder>
      TABLE =
          new FactTable<SavedPartition, SavedPartition.Builder, Partition, Partition.Builder>()
              .add(
                  SavedPartition::cpuBind,
                  SavedPartition.Builder::cpuBind,
                  Partition::cpuBind,
                  Partition.Builder::cpuBind)
              .add(
                  SavedPartition::graceTime,
                  SavedPartition.Builder::graceTime,
                  Partition::graceTimeSeconds,
                  Partition.Builder::graceTimeSeconds)
              .add(
                  SavedPartition::maxTime,
                  SavedPartition.Builder::maxTime,
                  Partition::maxTimeMinutes,
                  Partition.Builder::maxTimeMinutes)
              .add(
                  SavedPartition::defaultTime,
                  SavedPartition.Builder::defaultTime,
                  Partition::defaultTimeMinutes,
                  Partition.Builder::defaultTimeMinutes)
              .add(
                  SavedPartition::maxCpusPerNode,
                  SavedPartition.Builder::maxCpusPerNode,
                  Partition::maxCpusPerNode,
                  Partition.Builder::maxCpusPerNode)
              .add(
                  SavedPartition::maxCpusPerSocket,
                  SavedPartition.Builder::maxCpusPerSocket,
                  Partition::maxCpusPerSocket,
                  Partition.Builder::maxCpusPerSocket)
              .add(
                  SavedPartition::maxNodes,
                  SavedPartition.Builder::maxNodes,
                  Partition::maxNodes,
                  Partition.Builder::maxNodes)
              .add(
                  SavedPartition::minNodes,
                  SavedPartition.Builder::minNodes,
                  Partition::minNodes,
                  Partition.Builder::minNodes)
              .add(
                  SavedPartition::flags,
                  SavedPartition.Builder::flags,
                  Partition::flags,
                  Partition.Builder::flags)
              .add(
                  SavedPartition::maxShare,
                  SavedPartition.Builder::maxShare,
                  Partition::maxShare,
                  Partition.Builder::maxShare)
              .add(
                  SavedPartition::overTimeLimit,
                  SavedPartition.Builder::overTimeLimit,
                  Partition::overTimeLimitMinutes,
                  Partition.Builder::overTimeLimitMinutes)
              .add(
                  SavedPartition::preemptMode,
                  SavedPartition.Builder::preemptMode,
                  Partition::preemptMode,
                  Partition.Builder::preemptMode)
              .add(
                  SavedPartition::priorityJobFactor,
                  SavedPartition.Builder::priorityJobFactor,
                  Partition::priorityJobFactor,
                  Partition.Builder::priorityJobFactor)
              .add(
                  SavedPartition::priorityTier,
                  SavedPartition.Builder::priorityTier,
                  Partition::priorityTier,
                  Partition.Builder::priorityTier)
              .add(
                  SavedPartition::state,
                  SavedPartition.Builder::state,
                  Partition::stateUp,
                  Partition.Builder::stateUp)
              .add(
                  SavedPartition::consumableResourceType,
                  SavedPartition.Builder::consumableResourceType,
                  Partition::crType,
                  Partition.Builder::crType)
              .add(
                  Form.TEXT,
                  SavedPartition::allowAccounts,
                  SavedPartition.Builder::allowAccounts,
                  Partition::allowAccounts,
                  Partition.Builder::allowAccounts)
              .add(
                  Form.TEXT,
                  SavedPartition::allowGroups,
                  SavedPartition.Builder::allowGroups,
                  Partition::allowGroups,
                  Partition.Builder::allowGroups)
              .add(
                  Form.TEXT,
                  SavedPartition::allowQos,
                  SavedPartition.Builder::allowQos,
                  Partition::allowQos,
                  Partition.Builder::allowQos)
              .add(
                  Form.TEXT,
                  SavedPartition::qos,
                  SavedPartition.Builder::qos,
                  Partition::qos,
                  Partition.Builder::qos)
              .add(
                  Form.TEXT,
                  SavedPartition::allowAllocNodes,
                  SavedPartition.Builder::allowAllocNodes,
                  Partition::allocNodes,
                  Partition.Builder::allocNodes)
              .add(
                  Form.TEXT,
                  SavedPartition::alternate,
                  SavedPartition.Builder::alternate,
                  Partition::alternate,
                  Partition.Builder::alternate)
              .add(
                  Form.TEXT,
                  SavedPartition::denyAccounts,
                  SavedPartition.Builder::denyAccounts,
                  Partition::denyAccounts,
                  Partition.Builder::denyAccounts)
              .add(
                  Form.TEXT,
                  SavedPartition::denyQos,
                  SavedPartition.Builder::denyQos,
                  Partition::denyQos,
                  Partition.Builder::denyQos);

  private PartitionFacts() {}

  /**
   * The partition as it was last.
   *
   * @param configured as slurm.conf has it
   * @param order the cluster's nodes; those that it does not know are left out
   * @throws Unmappable if it names nodes wrongly
   */
  static Partition take(SavedPartition saved, Partition configured, NodeOrder order) {
    Partition.Builder partition = configured.toBuilder();
    TABLE.take(saved, partition);
    List<NodeName> named = Form.nodes(saved.nodes());
    if (!Set.copyOf(named).equals(Set.copyOf(configured.members()))) {
      Set<NodeName> known = new HashSet<>(named);
      known.removeIf(node -> order.indexOf(node) < 0);
      partition
          .nodes(Form.TEXT.read(saved.nodes()))
          .nodeSets(Form.TEXT.read(saved.nodes()))
          .members(known.stream().sorted(Comparator.comparingInt(order::indexOf)).toList());
    }
    return partition.build();
  }

  /**
   * The record that slurmctld is to load.
   *
   * @param was as it was saved; the defaults for a partition that was not
   * @param began what {@link #take} made of that
   */
  static SavedPartition update(Partition now, SavedPartition was, Partition began) {
    SavedPartition.Builder saved = was.toBuilder().name(now.name().value());
    TABLE.update(now, was, saved);
    if (!Objects.equals(now.members(), began.members())) {
      saved.nodes(now.nodes());
    }
    return saved.build();
  }
}

package baton.importer.read;

import baton.importer.state.ClusterName;
import baton.importer.state.StateFormats;
import baton.protocol.state.AccountingSection;
import baton.protocol.state.AccountingStateHeader;
import baton.protocol.state.NodeStateHeader;
import baton.protocol.state.PartitionStateHeader;
import baton.protocol.state.ReservationStateHeader;
import baton.protocol.state.SavedNode;
import baton.protocol.state.SavedPartition;
import baton.protocol.state.SavedReservation;
import baton.protocol.state.SavedTres;
import baton.protocol.state.SavedTrigger;
import baton.protocol.state.SavedUsage;
import baton.protocol.state.TriggerStateHeader;
import java.util.Optional;

/**
 * What jobs refer to: the files whose size is that of the cluster and of its accounting, not of its
 * queue. They are in memory whole; {@code job_state} is not among them.
 */
public record StateFiles(
    Optional<ClusterName> clusterName,
    StateFile<NodeStateHeader, SavedNode> nodes,
    StateFile<PartitionStateHeader, SavedPartition> partitions,
    StateFile<ReservationStateHeader, SavedReservation> reservations,
    StateFile<TriggerStateHeader, SavedTrigger> triggers,
    StateFile<AccountingStateHeader, SavedTres> tres,
    StateFile<AccountingStateHeader, AccountingSection> associations,
    StateFile<AccountingStateHeader, SavedUsage> associationUsage,
    StateFile<AccountingStateHeader, SavedUsage> qosUsage) {

  /** Reads them; what is wrong goes to the faults of the directory. */
  public static StateFiles read(StateDirectory state) {
    return new StateFiles(
        state.clusterName(),
        state.read(StateFormats.NODES),
        state.read(StateFormats.PARTITIONS),
        state.read(StateFormats.RESERVATIONS),
        state.read(StateFormats.TRIGGERS),
        state.read(StateFormats.TRES),
        state.read(StateFormats.ASSOCIATIONS),
        state.read(StateFormats.ASSOCIATION_USAGE),
        state.read(StateFormats.QOS_USAGE));
  }
}

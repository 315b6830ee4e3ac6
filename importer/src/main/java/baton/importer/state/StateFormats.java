package baton.importer.state;

import baton.importer.state.StateFormat.Codec;
import baton.importer.state.StateFormat.Opening;
import baton.protocol.state.AccountingSection;
import baton.protocol.state.AccountingStateHeader;
import baton.protocol.state.ConfigStateLite;
import baton.protocol.state.DecayState;
import baton.protocol.state.FederationState;
import baton.protocol.state.Heartbeat;
import baton.protocol.state.JobStateHeader;
import baton.protocol.state.NodeStateHeader;
import baton.protocol.state.PartitionStateHeader;
import baton.protocol.state.ReservationStateHeader;
import baton.protocol.state.SavedJob;
import baton.protocol.state.SavedNode;
import baton.protocol.state.SavedPartition;
import baton.protocol.state.SavedReservation;
import baton.protocol.state.SavedTres;
import baton.protocol.state.SavedTrigger;
import baton.protocol.state.SavedUsage;
import baton.protocol.state.TriggerStateHeader;
import baton.protocol.wire.AccountingSectionCodec;
import baton.protocol.wire.AccountingStateHeaderCodec;
import baton.protocol.wire.ConfigStateLiteCodec;
import baton.protocol.wire.DecayStateCodec;
import baton.protocol.wire.FederationStateCodec;
import baton.protocol.wire.HeartbeatCodec;
import baton.protocol.wire.JobStateHeaderCodec;
import baton.protocol.wire.NodeStateHeaderCodec;
import baton.protocol.wire.PartitionStateHeaderCodec;
import baton.protocol.wire.ReservationStateHeaderCodec;
import baton.protocol.wire.SavedJobCodec;
import baton.protocol.wire.SavedNodeCodec;
import baton.protocol.wire.SavedPartitionCodec;
import baton.protocol.wire.SavedReservationCodec;
import baton.protocol.wire.SavedTresCodec;
import baton.protocol.wire.SavedTriggerCodec;
import baton.protocol.wire.SavedUsageCodec;
import baton.protocol.wire.TriggerStateHeaderCodec;
import java.util.List;

/** The files that slurmctld packs. Others are in {@link DbdMessages}, {@link JobFiles}. */
public final class StateFormats {

  private static final Codec<AccountingStateHeader> ACCOUNTING =
      new Codec<>(AccountingStateHeaderCodec::decode, AccountingStateHeaderCodec::encode);
  private static final Codec<SavedUsage> USAGE =
      new Codec<>(SavedUsageCodec::decode, SavedUsageCodec::encode);

  public static final StateFormat<JobStateHeader, SavedJob> JOBS =
      new StateFormat<>(
          "job_state",
          Opening.TAGGED,
          new Codec<>(JobStateHeaderCodec::decode, JobStateHeaderCodec::encode),
          new Codec<>(SavedJobCodec::decode, SavedJobCodec::encode));

  public static final StateFormat<NodeStateHeader, SavedNode> NODES =
      new StateFormat<>(
          "node_state",
          Opening.TAGGED,
          new Codec<>(NodeStateHeaderCodec::decode, NodeStateHeaderCodec::encode),
          new Codec<>(SavedNodeCodec::decode, SavedNodeCodec::encode));

  public static final StateFormat<PartitionStateHeader, SavedPartition> PARTITIONS =
      new StateFormat<>(
          "part_state",
          Opening.TAGGED,
          new Codec<>(PartitionStateHeaderCodec::decode, PartitionStateHeaderCodec::encode),
          new Codec<>(SavedPartitionCodec::decode, SavedPartitionCodec::encode));

  public static final StateFormat<ReservationStateHeader, SavedReservation> RESERVATIONS =
      new StateFormat<>(
          "resv_state",
          Opening.TAGGED,
          new Codec<>(ReservationStateHeaderCodec::decode, ReservationStateHeaderCodec::encode),
          new Codec<>(SavedReservationCodec::decode, SavedReservationCodec::encode));

  public static final StateFormat<TriggerStateHeader, SavedTrigger> TRIGGERS =
      new StateFormat<>(
          "trigger_state",
          Opening.TAGGED,
          new Codec<>(TriggerStateHeaderCodec::decode, TriggerStateHeaderCodec::encode),
          new Codec<>(SavedTriggerCodec::decode, SavedTriggerCodec::encode));

  public static final StateFormat<AccountingStateHeader, SavedTres> TRES =
      new StateFormat<>(
          "last_tres",
          Opening.VERSIONED,
          ACCOUNTING,
          new Codec<>(SavedTresCodec::decode, SavedTresCodec::encode));

  public static final StateFormat<AccountingStateHeader, AccountingSection> ASSOCIATIONS =
      new StateFormat<>(
          "assoc_mgr_state",
          Opening.VERSIONED,
          ACCOUNTING,
          new Codec<>(AccountingSectionCodec::decode, AccountingSectionCodec::encode));

  public static final StateFormat<AccountingStateHeader, SavedUsage> ASSOCIATION_USAGE =
      new StateFormat<>("assoc_usage", Opening.VERSIONED, ACCOUNTING, USAGE);

  public static final StateFormat<AccountingStateHeader, SavedUsage> QOS_USAGE =
      new StateFormat<>("qos_usage", Opening.VERSIONED, ACCOUNTING, USAGE);

  public static final StateFormat<ConfigStateLite, Void> CONFIG =
      new StateFormat<>(
          "last_config_lite",
          Opening.VERSIONED,
          new Codec<>(ConfigStateLiteCodec::decode, ConfigStateLiteCodec::encode),
          Codec.NOTHING);

  public static final StateFormat<FederationState, Void> FEDERATION =
      new StateFormat<>(
          "fed_mgr_state",
          Opening.VERSIONED,
          new Codec<>(FederationStateCodec::decode, FederationStateCodec::encode),
          Codec.NOTHING);

  public static final StateFormat<DecayState, Void> DECAY =
      new StateFormat<>(
          "priority_last_decay_ran",
          Opening.BARE,
          new Codec<>(DecayStateCodec::decode, DecayStateCodec::encode),
          Codec.NOTHING);

  public static final StateFormat<Heartbeat, Void> HEARTBEAT =
      new StateFormat<>(
          "heartbeat",
          Opening.BARE,
          new Codec<>(HeartbeatCodec::decode, HeartbeatCodec::encode),
          Codec.NOTHING);

  /** All of them. */
  public static final List<StateFormat<?, ?>> ALL =
      List.of(
          JOBS,
          NODES,
          PARTITIONS,
          RESERVATIONS,
          TRIGGERS,
          TRES,
          ASSOCIATIONS,
          ASSOCIATION_USAGE,
          QOS_USAGE,
          CONFIG,
          FEDERATION,
          DECAY,
          HEARTBEAT);

  private StateFormats() {}
}

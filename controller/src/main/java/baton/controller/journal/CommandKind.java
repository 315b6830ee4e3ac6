package baton.controller.journal;

import baton.controller.command.ApplyPlan;
import baton.controller.command.BatchLaunchAnswered;
import baton.controller.command.BatchScriptCompleted;
import baton.controller.command.ClientsGone;
import baton.controller.command.ClientsSeen;
import baton.controller.command.ClientsTold;
import baton.controller.command.Command;
import baton.controller.command.Configure;
import baton.controller.command.CreateStep;
import baton.controller.command.CronStarts;
import baton.controller.command.DeletePartition;
import baton.controller.command.EffectAnswered;
import baton.controller.command.EpilogCompleted;
import baton.controller.command.JobAllocationCompleted;
import baton.controller.command.LaunchDoubted;
import baton.controller.command.LaunchLost;
import baton.controller.command.LaunchesSending;
import baton.controller.command.NodeRegistered;
import baton.controller.command.NodesResponded;
import baton.controller.command.NodesSilent;
import baton.controller.command.NotifyJob;
import baton.controller.command.PrologCompleted;
import baton.controller.command.RequeueJob;
import baton.controller.command.ScriptEnded;
import baton.controller.command.SignalJob;
import baton.controller.command.StepCompleted;
import baton.controller.command.SubmitHetJob;
import baton.controller.command.SubmitJob;
import baton.controller.command.SuspendJob;
import baton.controller.command.TimePassed;
import baton.controller.command.TopJobs;
import baton.controller.command.UpdateCrontab;
import baton.controller.command.UpdateJob;
import baton.controller.command.UpdateNodes;
import baton.controller.command.UpdatePartition;
import baton.controller.command.UpdateStep;
import baton.controller.journal.wire.ApplyPlanCodec;
import baton.controller.journal.wire.BatchLaunchAnsweredCodec;
import baton.controller.journal.wire.BatchScriptCompletedCodec;
import baton.controller.journal.wire.ClientsGoneCodec;
import baton.controller.journal.wire.ClientsSeenCodec;
import baton.controller.journal.wire.ClientsToldCodec;
import baton.controller.journal.wire.ConfigureCodec;
import baton.controller.journal.wire.CreateStepCodec;
import baton.controller.journal.wire.CronStartsCodec;
import baton.controller.journal.wire.DeletePartitionCodec;
import baton.controller.journal.wire.EffectAnsweredCodec;
import baton.controller.journal.wire.EpilogCompletedCodec;
import baton.controller.journal.wire.JobAllocationCompletedCodec;
import baton.controller.journal.wire.LaunchDoubtedCodec;
import baton.controller.journal.wire.LaunchLostCodec;
import baton.controller.journal.wire.LaunchesSendingCodec;
import baton.controller.journal.wire.NodeRegisteredCodec;
import baton.controller.journal.wire.NodesRespondedCodec;
import baton.controller.journal.wire.NodesSilentCodec;
import baton.controller.journal.wire.NotifyJobCodec;
import baton.controller.journal.wire.PrologCompletedCodec;
import baton.controller.journal.wire.RequeueJobCodec;
import baton.controller.journal.wire.ScriptEndedCodec;
import baton.controller.journal.wire.SignalJobCodec;
import baton.controller.journal.wire.StepCompletedCodec;
import baton.controller.journal.wire.SubmitHetJobCodec;
import baton.controller.journal.wire.SubmitJobCodec;
import baton.controller.journal.wire.SuspendJobCodec;
import baton.controller.journal.wire.TimePassedCodec;
import baton.controller.journal.wire.TopJobsCodec;
import baton.controller.journal.wire.UpdateCrontabCodec;
import baton.controller.journal.wire.UpdateJobCodec;
import baton.controller.journal.wire.UpdateNodesCodec;
import baton.controller.journal.wire.UpdatePartitionCodec;
import baton.controller.journal.wire.UpdateStepCodec;
import baton.protocol.buffer.WireReader;
import baton.protocol.buffer.WireWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The kinds of commands in the log; the numbers are on disk and never change their meaning. */
@SuppressWarnings("ImmutableEnumChecker") // the codecs are static methods
enum CommandKind {
  CONFIGURE(1, Configure.class, ConfigureCodec::decode, ConfigureCodec::encode),
  TIME_PASSED(2, TimePassed.class, TimePassedCodec::decode, TimePassedCodec::encode),
  SUBMIT_JOB(10, SubmitJob.class, SubmitJobCodec::decode, SubmitJobCodec::encode),
  SIGNAL_JOB(11, SignalJob.class, SignalJobCodec::decode, SignalJobCodec::encode),
  UPDATE_JOB(12, UpdateJob.class, UpdateJobCodec::decode, UpdateJobCodec::encode),
  REQUEUE_JOB(13, RequeueJob.class, RequeueJobCodec::decode, RequeueJobCodec::encode),
  APPLY_PLAN(14, ApplyPlan.class, ApplyPlanCodec::decode, ApplyPlanCodec::encode),
  JOB_ALLOCATION_COMPLETED(
      15,
      JobAllocationCompleted.class,
      JobAllocationCompletedCodec::decode,
      JobAllocationCompletedCodec::encode),
  NOTIFY_JOB(16, NotifyJob.class, NotifyJobCodec::decode, NotifyJobCodec::encode),
  CLIENTS_TOLD(17, ClientsTold.class, ClientsToldCodec::decode, ClientsToldCodec::encode),
  CLIENTS_GONE(43, ClientsGone.class, ClientsGoneCodec::decode, ClientsGoneCodec::encode),
  CLIENTS_SEEN(18, ClientsSeen.class, ClientsSeenCodec::decode, ClientsSeenCodec::encode),
  SUBMIT_HET_JOB(19, SubmitHetJob.class, SubmitHetJobCodec::decode, SubmitHetJobCodec::encode),
  NODE_REGISTERED(
      20, NodeRegistered.class, NodeRegisteredCodec::decode, NodeRegisteredCodec::encode),
  NODES_RESPONDED(
      21, NodesResponded.class, NodesRespondedCodec::decode, NodesRespondedCodec::encode),
  NODES_SILENT(22, NodesSilent.class, NodesSilentCodec::decode, NodesSilentCodec::encode),
  UPDATE_NODES(23, UpdateNodes.class, UpdateNodesCodec::decode, UpdateNodesCodec::encode),
  BATCH_LAUNCH_ANSWERED(
      30,
      BatchLaunchAnswered.class,
      BatchLaunchAnsweredCodec::decode,
      BatchLaunchAnsweredCodec::encode),
  LAUNCHES_SENDING(
      31, LaunchesSending.class, LaunchesSendingCodec::decode, LaunchesSendingCodec::encode),
  LAUNCH_DOUBTED(42, LaunchDoubted.class, LaunchDoubtedCodec::decode, LaunchDoubtedCodec::encode),
  LAUNCH_LOST(32, LaunchLost.class, LaunchLostCodec::decode, LaunchLostCodec::encode),
  PROLOG_COMPLETED(
      33, PrologCompleted.class, PrologCompletedCodec::decode, PrologCompletedCodec::encode),
  BATCH_SCRIPT_COMPLETED(
      34,
      BatchScriptCompleted.class,
      BatchScriptCompletedCodec::decode,
      BatchScriptCompletedCodec::encode),
  STEP_COMPLETED(35, StepCompleted.class, StepCompletedCodec::decode, StepCompletedCodec::encode),
  EPILOG_COMPLETED(
      36, EpilogCompleted.class, EpilogCompletedCodec::decode, EpilogCompletedCodec::encode),
  EFFECT_ANSWERED(
      37, EffectAnswered.class, EffectAnsweredCodec::decode, EffectAnsweredCodec::encode),
  CREATE_STEP(38, CreateStep.class, CreateStepCodec::decode, CreateStepCodec::encode),
  UPDATE_STEP(39, UpdateStep.class, UpdateStepCodec::decode, UpdateStepCodec::encode),
  SCRIPT_ENDED(63, ScriptEnded.class, ScriptEndedCodec::decode, ScriptEndedCodec::encode),
  SUSPEND_JOB(60, SuspendJob.class, SuspendJobCodec::decode, SuspendJobCodec::encode),
  TOP_JOBS(61, TopJobs.class, TopJobsCodec::decode, TopJobsCodec::encode),
  UPDATE_CRONTAB(64, UpdateCrontab.class, UpdateCrontabCodec::decode, UpdateCrontabCodec::encode),
  CRON_STARTS(65, CronStarts.class, CronStartsCodec::decode, CronStartsCodec::encode),
  UPDATE_PARTITION(
      40, UpdatePartition.class, UpdatePartitionCodec::decode, UpdatePartitionCodec::encode),
  DELETE_PARTITION(
      41, DeletePartition.class, DeletePartitionCodec::decode, DeletePartitionCodec::encode);

  /** Reads one layout. */
  @FunctionalInterface
  private interface Decoder {
    Command decode(WireReader in, Format format);
  }

  /** Writes one layout. */
  @FunctionalInterface
  private interface Encoder<C extends Command> {
    void encode(C command, WireWriter out, Format format);
  }

  private static final Map<Integer, CommandKind> BY_NUMBER = new HashMap<>();
  private static final Map<Class<?>, CommandKind> BY_TYPE = new HashMap<>();

  static {
    for (CommandKind kind : values()) {
      if (BY_NUMBER.put(kind.number, kind) != null || BY_TYPE.put(kind.type, kind) != null) {
        throw new IllegalStateException("two kinds like " + kind);
      }
    }
  }

  private final int number;
  private final Class<? extends Command> type;
  private final Decoder decoder;
  private final Encoder<Command> encoder;

  <C extends Command> CommandKind(int number, Class<C> type, Decoder decoder, Encoder<C> encoder) {
    this.number = number;
    this.type = type;
    this.decoder = decoder;
    this.encoder = (command, out, format) -> encoder.encode(type.cast(command), out, format);
  }

  static Optional<CommandKind> of(int number) {
    return Optional.ofNullable(BY_NUMBER.get(number));
  }

  static CommandKind of(Command command) {
    CommandKind kind = BY_TYPE.get(command.getClass());
    if (kind == null) {
      throw new IllegalStateException("no number for " + command.getClass().getSimpleName());
    }
    return kind;
  }

  int number() {
    return number;
  }

  Command decode(WireReader in, Format format) {
    return decoder.decode(in, format);
  }

  void encode(Command command, WireWriter out, Format format) {
    encoder.encode(command, out, format);
  }
}

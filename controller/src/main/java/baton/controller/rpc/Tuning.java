package baton.controller.rpc;

import baton.controller.model.ClusterState;
import baton.protocol.error.SlurmError;
import baton.protocol.message.FairShareDampeningRequest;
import baton.protocol.message.MessageType;
import baton.protocol.message.SetDebugFlagsRequest;
import baton.protocol.message.SetDebugLevelRequest;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Settings that {@code scontrol} changes until slurm.conf is read again: setdebug, setdebugflags,
 * schedloglevel, fsdampeningfactor. For SlurmUser and root; others get EACCES.
 */
final class Tuning {
  /** The most that a level can be: slurm's debug5. */
  private static final long MOST = 9;

  private final RpcContext context;

  Tuning(RpcContext context) {
    this.context = context;
  }

  void register(HandlerTable.Builder table) {
    on(
        table,
        MessageType.REQUEST_SET_DEBUG_LEVEL,
        request -> {
          long level = ((SetDebugLevelRequest) request.body()).level();
          context.configuration().tuned(new TunedSetting.DebugLevel((int) Math.min(level, MOST)));
          return SlurmError.SLURM_SUCCESS;
        });
    on(
        table,
        MessageType.REQUEST_SET_DEBUG_FLAGS,
        request -> {
          SetDebugFlagsRequest asked = (SetDebugFlagsRequest) request.body();
          context
              .configuration()
              .tuned(new TunedSetting.DebugFlags(asked.flagsToSet(), asked.flagsToClear()));
          return SlurmError.SLURM_SUCCESS;
        });
    on(
        table,
        MessageType.REQUEST_SET_FS_DAMPENING_FACTOR,
        request -> {
          int factor = ((FairShareDampeningRequest) request.body()).dampeningFactor();
          context.configuration().tuned(new TunedSetting.FairShareDampening(factor));
          return SlurmError.SLURM_SUCCESS;
        });
    // There is no log of its own for scheduling, as on a cluster without SlurmSchedLogFile.
    on(table, MessageType.REQUEST_SET_SCHEDLOG_LEVEL, request -> SlurmError.ESLURM_DISABLED);
  }

  private void on(
      HandlerTable.Builder table, MessageType type, Function<Request, SlurmError> change) {
    table.on(
        type,
        request -> {
          ClusterState state = context.snapshots().current();
          SlurmError outcome =
              Asking.isSuperUser(request, state) ? change.apply(request) : SlurmError.EACCES;
          return CompletableFuture.completedStage(Answer.returnCode(outcome));
        });
  }
}

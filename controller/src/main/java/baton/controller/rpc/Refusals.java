package baton.controller.rpc;

import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageType;
import baton.protocol.net.Answer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What cannot be asked of this controller: each message gets the error that slurmctld gives where
 * the feature is not there, after the check of who asks. Nothing is left without an answer.
 */
final class Refusals {
  private final RpcContext context;

  Refusals(RpcContext context) {
    this.context = context;
  }

  void register(HandlerTable.Builder table) {
    allocations(table);
    administration(table);
    rest(table);
  }

  private static void allocations(HandlerTable.Builder table) {
    all(
        table,
        SlurmError.ESLURM_NOT_SUPPORTED,
        MessageType.REQUEST_RESOURCE_LAYOUT,
        MessageType.REQUEST_STEP_BY_CONTAINER_ID,
        MessageType.REQUEST_NODE_ALIAS_ADDRS);
  }

  private void administration(HandlerTable.Builder table) {
    unconfigured(table, MessageType.REQUEST_CONTROL, SlurmError.ESLURM_DISABLED);
    unconfigured(table, MessageType.REQUEST_UPDATE_FRONT_END, SlurmError.ESLURM_INVALID_NODE_NAME);
    superUser(table, MessageType.REQUEST_CREATE_RESERVATION, SlurmError.ESLURM_NOT_SUPPORTED);
    unconfigured(
        table, MessageType.REQUEST_UPDATE_RESERVATION, SlurmError.ESLURM_RESERVATION_INVALID);
    unconfigured(
        table, MessageType.REQUEST_DELETE_RESERVATION, SlurmError.ESLURM_RESERVATION_INVALID);
    // Exceptions from power saving are taken, and mean nothing without power saving.
    for (MessageType type :
        List.of(
            MessageType.REQUEST_SET_SUSPEND_EXC_NODES,
            MessageType.REQUEST_SET_SUSPEND_EXC_PARTS,
            MessageType.REQUEST_SET_SUSPEND_EXC_STATES)) {
      privileged(
          table,
          type,
          HandlerTable.Standing.UNCONFIGURED,
          SlurmError.EACCES,
          SlurmError.SLURM_SUCCESS);
    }
    privileged(
        table,
        MessageType.REQUEST_REBOOT_NODES,
        HandlerTable.Standing.REFUSED,
        SlurmError.EACCES,
        SlurmError.ESLURM_NOT_SUPPORTED);
  }

  private static void rest(HandlerTable.Builder table) {
    table.on(
        MessageType.REQUEST_TRIGGER_CLEAR,
        HandlerTable.Standing.UNCONFIGURED,
        request -> answer(SlurmError.ESRCH));
    all(
        table,
        SlurmError.ESLURM_ACCESS_DENIED,
        MessageType.REQUEST_TRIGGER_SET,
        MessageType.REQUEST_TRIGGER_PULL);
  }

  private static void all(HandlerTable.Builder table, SlurmError error, MessageType... types) {
    for (MessageType type : types) {
      table.on(type, HandlerTable.Standing.REFUSED, request -> answer(error));
    }
  }

  private void superUser(HandlerTable.Builder table, MessageType type, SlurmError error) {
    privileged(
        table, type, HandlerTable.Standing.REFUSED, SlurmError.ESLURM_USER_ID_MISSING, error);
  }

  private void unconfigured(HandlerTable.Builder table, MessageType type, SlurmError error) {
    privileged(
        table, type, HandlerTable.Standing.UNCONFIGURED, SlurmError.ESLURM_USER_ID_MISSING, error);
  }

  private void privileged(
      HandlerTable.Builder table,
      MessageType type,
      HandlerTable.Standing standing,
      SlurmError others,
      SlurmError error) {
    table.on(
        type,
        standing,
        request ->
            answer(Asking.isSuperUser(request, context.snapshots().current()) ? error : others));
  }

  private static CompletionStage<Answer> answer(SlurmError error) {
    return CompletableFuture.completedStage(Answer.returnCode(error));
  }
}

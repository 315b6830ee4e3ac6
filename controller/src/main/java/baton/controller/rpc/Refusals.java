package baton.controller.rpc;

import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageType;
import baton.protocol.net.Answer;
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
    superUser(table, MessageType.REQUEST_TAKEOVER, SlurmError.SLURM_SUCCESS);
    superUser(table, MessageType.REQUEST_CONTROL, SlurmError.ESLURM_DISABLED);
    superUser(table, MessageType.REQUEST_UPDATE_FRONT_END, SlurmError.ESLURM_INVALID_NODE_NAME);
    superUser(table, MessageType.REQUEST_CREATE_RESERVATION, SlurmError.ESLURM_NOT_SUPPORTED);
    superUser(table, MessageType.REQUEST_UPDATE_RESERVATION, SlurmError.ESLURM_RESERVATION_INVALID);
    superUser(table, MessageType.REQUEST_DELETE_RESERVATION, SlurmError.ESLURM_RESERVATION_INVALID);
    superUser(table, MessageType.REQUEST_CREATE_NODE, SlurmError.ESLURM_NOT_SUPPORTED);
    superUser(table, MessageType.REQUEST_DELETE_NODE, SlurmError.ESLURM_NOT_SUPPORTED);
    MessageType[] access = {
      MessageType.REQUEST_SET_DEBUG_LEVEL,
      MessageType.REQUEST_SET_DEBUG_FLAGS,
      MessageType.REQUEST_SET_SCHEDLOG_LEVEL,
      MessageType.REQUEST_SET_FS_DAMPENING_FACTOR,
      MessageType.REQUEST_SET_SUSPEND_EXC_NODES,
      MessageType.REQUEST_SET_SUSPEND_EXC_PARTS,
      MessageType.REQUEST_SET_SUSPEND_EXC_STATES,
      MessageType.REQUEST_REBOOT_NODES
    };
    for (MessageType type : access) {
      privileged(table, type, SlurmError.EACCES, SlurmError.ESLURM_NOT_SUPPORTED);
    }
  }

  private static void rest(HandlerTable.Builder table) {
    all(
        table,
        SlurmError.ESLURM_DISABLED,
        MessageType.REQUEST_CRONTAB,
        MessageType.REQUEST_UPDATE_CRONTAB,
        MessageType.REQUEST_AUTH_TOKEN,
        MessageType.REQUEST_TRIGGER_SET,
        MessageType.REQUEST_TRIGGER_PULL,
        MessageType.REQUEST_TOPO_CONFIG);
    all(table, SlurmError.ESRCH, MessageType.REQUEST_TRIGGER_CLEAR);
  }

  private static void all(HandlerTable.Builder table, SlurmError error, MessageType... types) {
    for (MessageType type : types) {
      table.on(type, request -> answer(error));
    }
  }

  private void superUser(HandlerTable.Builder table, MessageType type, SlurmError error) {
    privileged(table, type, SlurmError.ESLURM_USER_ID_MISSING, error);
  }

  private void privileged(
      HandlerTable.Builder table, MessageType type, SlurmError others, SlurmError error) {
    table.on(
        type,
        request ->
            answer(Asking.isSuperUser(request, context.snapshots().current()) ? error : others));
  }

  private static CompletionStage<Answer> answer(SlurmError error) {
    return CompletableFuture.completedStage(Answer.returnCode(error));
  }
}

package baton.controller.rpc;

import baton.controller.model.ClusterState;
import baton.protocol.error.SlurmError;
import baton.protocol.message.BuildInfoRequest;
import baton.protocol.message.ConfigRequest;
import baton.protocol.message.ControlStatusResponse;
import baton.protocol.message.MessageType;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Questions about the controller and its configuration. */
final class ClusterReads {
  private static final int FOR_SLURMD = 1;

  private final RpcContext context;

  ClusterReads(RpcContext context) {
    this.context = context;
  }

  void register(HandlerTable.Builder table) {
    table.on(MessageType.REQUEST_PING, request -> now(Answer.success()));
    table.on(MessageType.REQUEST_BUILD_INFO, request -> now(configuration(request)));
    table.on(MessageType.REQUEST_CONFIG, request -> now(files(request)));
    table.on(MessageType.REQUEST_CONTROL_STATUS, request -> now(controlStatus()));
  }

  private Answer configuration(Request request) {
    BuildInfoRequest asked = (BuildInfoRequest) request.body();
    ClusterState state = context.snapshots().current();
    if (Asking.isCurrent(asked.lastUpdate(), state.facts().configChanged())) {
      return Answer.returnCode(SlurmError.SLURM_NO_CHANGE_IN_DATA);
    }
    return Answer.of(
        MessageType.RESPONSE_BUILD_INFO,
        context.configuration().shown(state.facts(), request.release()));
  }

  private Answer files(Request request) {
    ConfigRequest asked = (ConfigRequest) request.body();
    boolean node = (asked.flags() & FOR_SLURMD) != 0;
    if (node && !Asking.isSuperUser(request, context.snapshots().current())) {
      return Answer.returnCode(SlurmError.ESLURM_USER_ID_MISSING);
    }
    return Answer.of(
        MessageType.RESPONSE_CONFIG, context.configuration().files(request.release(), node));
  }

  private Answer controlStatus() {
    return Answer.of(
        MessageType.RESPONSE_CONTROL_STATUS,
        ControlStatusResponse.builder()
            .backupIndex(0)
            .controlTime(context.snapshots().current().facts().bootTime().getEpochSecond())
            .build());
  }

  private static CompletionStage<Answer> now(Answer answer) {
    return CompletableFuture.completedStage(answer);
  }
}

package baton.controller.rpc;

import baton.controller.command.Command;
import baton.controller.command.DeletePartition;
import baton.controller.command.UpdateNodes;
import baton.controller.model.ClusterState;
import baton.controller.model.NodeName;
import baton.controller.model.PartitionName;
import baton.protocol.error.SlurmError;
import baton.protocol.message.DeletePartitionRequest;
import baton.protocol.message.MessageType;
import baton.protocol.message.UpdateNodeRequest;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Messages that change nodes, partitions or the controller: for SlurmUser and root. */
final class ClusterWrites {
  private final RpcContext context;

  ClusterWrites(RpcContext context) {
    this.context = context;
  }

  void register(HandlerTable.Builder table) {
    table.on(MessageType.REQUEST_UPDATE_NODE, this::updateNodes);
    table.on(MessageType.REQUEST_DELETE_PARTITION, this::deletePartition);
    table.on(MessageType.REQUEST_RECONFIGURE, this::reconfigure);
    table.on(MessageType.REQUEST_SHUTDOWN, this::shutdown);
    table.on(MessageType.REQUEST_TAKEOVER, this::takeOver);
  }

  private CompletionStage<Answer> updateNodes(Request request) {
    UpdateNodeRequest asked = (UpdateNodeRequest) request.body();
    ClusterState state = context.snapshots().current();
    if (!Asking.isSuperUser(request, state)) {
      return now(SlurmError.ESLURM_USER_ID_MISSING);
    }
    List<NodeName> nodes = nodes(asked.nodeNames(), state);
    if (nodes.isEmpty()) {
      return now(SlurmError.ESLURM_INVALID_NODE_NAME);
    }
    return submit(
        UpdateNodes.builder()
            .time(time())
            .caller(Asking.caller(request, state))
            .nodes(nodes)
            .state(asked.nodeState())
            .reason(asked.reason())
            .reasonUid(asked.reasonUserId().value())
            .weight(asked.weight())
            .features(asked.features())
            .featuresActive(asked.activeFeatures())
            .comment(asked.comment())
            .extra(asked.extra())
            .gres(asked.gres())
            .nodeAddresses(asked.nodeAddress())
            .nodeHostNames(asked.nodeHostname())
            .resumeAfterSeconds(asked.resumeAfter())
            .cpuBind(asked.cpuBind())
            .build());
  }

  /** The nodes of a list, or all; none if it cannot be read. */
  private static List<NodeName> nodes(String list, ClusterState state) {
    if (list == null || list.isEmpty()) {
      return List.of();
    }
    if (list.equalsIgnoreCase("ALL")) {
      return state.order().names();
    }
    try {
      List<NodeName> names = new ArrayList<>();
      HostList.parse(list).forEach(name -> names.add(NodeName.of(name)));
      return names;
    } catch (HostListException | IllegalArgumentException notAList) {
      return List.of();
    }
  }

  private CompletionStage<Answer> deletePartition(Request request) {
    DeletePartitionRequest asked = (DeletePartitionRequest) request.body();
    ClusterState state = context.snapshots().current();
    if (!Asking.isSuperUser(request, state)) {
      return now(SlurmError.ESLURM_USER_ID_MISSING);
    }
    if (asked.name() == null || asked.name().isEmpty()) {
      return now(SlurmError.ESLURM_INVALID_PARTITION_NAME);
    }
    return submit(
        DeletePartition.builder()
            .time(time())
            .caller(Asking.caller(request, state))
            .name(PartitionName.of(asked.name()))
            .build());
  }

  private CompletionStage<Answer> reconfigure(Request request) {
    if (!Asking.isSuperUser(request, context.snapshots().current())) {
      return now(SlurmError.ESLURM_USER_ID_MISSING);
    }
    return context.administration().reconfigure().thenApply(Answer::returnCode);
  }

  private CompletionStage<Answer> takeOver(Request request) {
    if (!Asking.isSuperUser(request, context.snapshots().current())) {
      return now(SlurmError.ESLURM_USER_ID_MISSING);
    }
    return context.administration().takeOver().thenApply(Answer::returnCode);
  }

  private CompletionStage<Answer> shutdown(Request request) {
    if (!Asking.isSuperUser(request, context.snapshots().current())) {
      return now(SlurmError.ESLURM_USER_ID_MISSING);
    }
    context.administration().shutdown();
    return now(SlurmError.SLURM_SUCCESS);
  }

  private CompletionStage<Answer> submit(Command command) {
    return context.commands().submit(command).thenApply(Replies::done);
  }

  private Instant time() {
    return context.now();
  }

  private static CompletionStage<Answer> now(SlurmError error) {
    return CompletableFuture.completedStage(Answer.returnCode(error));
  }
}

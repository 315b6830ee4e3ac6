package baton.controller.rpc;

import baton.controller.model.ClusterState;
import baton.controller.query.Asker;
import baton.controller.query.NodeAnswers;
import baton.controller.query.PartitionAnswers;
import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageType;
import baton.protocol.message.NodeInfoRequest;
import baton.protocol.message.NodeInfoSingleRequest;
import baton.protocol.message.PartitionInfoRequest;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Questions about nodes and partitions. */
final class NodeReads {
  private final RpcContext context;

  NodeReads(RpcContext context) {
    this.context = context;
  }

  void register(HandlerTable.Builder table) {
    table.on(MessageType.REQUEST_NODE_INFO, request -> now(nodes(request)));
    table.on(MessageType.REQUEST_NODE_INFO_SINGLE, request -> now(node(request)));
    table.on(MessageType.REQUEST_PARTITION_INFO, request -> now(partitions(request)));
  }

  private Answer nodes(Request request) {
    NodeInfoRequest asked = (NodeInfoRequest) request.body();
    ClusterState state = context.snapshots().current();
    Asker asker = asker(request, state, asked.showFlags());
    if (NodeAnswers.denied(state, asker)) {
      return Answer.returnCode(SlurmError.ESLURM_ACCESS_DENIED);
    }
    if (Asking.isCurrent(asked.lastUpdate(), state.facts().nodesChanged())
        && Asking.isCurrent(asked.lastUpdate(), state.facts().jobsChanged())) {
      return Answer.returnCode(SlurmError.SLURM_NO_CHANGE_IN_DATA);
    }
    return Answer.of(MessageType.RESPONSE_NODE_INFO, NodeAnswers.all(state, asker));
  }

  private Answer node(Request request) {
    NodeInfoSingleRequest asked = (NodeInfoSingleRequest) request.body();
    ClusterState state = context.snapshots().current();
    Asker asker = asker(request, state, asked.showFlags());
    if (NodeAnswers.denied(state, asker)) {
      return Answer.returnCode(SlurmError.ESLURM_ACCESS_DENIED);
    }
    return Answer.of(
        MessageType.RESPONSE_NODE_INFO, NodeAnswers.single(state, asker, asked.nodeName()));
  }

  private Answer partitions(Request request) {
    PartitionInfoRequest asked = (PartitionInfoRequest) request.body();
    ClusterState state = context.snapshots().current();
    Asker asker = asker(request, state, asked.showFlags());
    if (PartitionAnswers.denied(state, asker)) {
      return Answer.returnCode(SlurmError.ESLURM_ACCESS_DENIED);
    }
    if (Asking.isCurrent(asked.lastUpdate(), state.facts().partitionsChanged())) {
      return Answer.returnCode(SlurmError.SLURM_NO_CHANGE_IN_DATA);
    }
    return Answer.of(MessageType.RESPONSE_PARTITION_INFO, PartitionAnswers.all(state, asker));
  }

  private Asker asker(Request request, ClusterState state, int showFlags) {
    return Asking.asker(request, state, showFlags, context.time().now());
  }

  private static CompletionStage<Answer> now(Answer answer) {
    return CompletableFuture.completedStage(answer);
  }
}

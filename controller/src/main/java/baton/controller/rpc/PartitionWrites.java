package baton.controller.rpc;

import baton.controller.command.PartitionChanges;
import baton.controller.command.UpdatePartition;
import baton.controller.model.ClusterState;
import baton.controller.model.PartitionName;
import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageType;
import baton.protocol.message.UpdatePartitionRequest;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import baton.protocol.type.Longs;
import baton.protocol.type.NoVal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Making and changing partitions: for SlurmUser and root. */
final class PartitionWrites {
  private static final long PER_CPU = 0x8000000000000000L;
  private static final long SETTABLE = 0xff;
  private static final int CLEAR_SHIFT = 8;
  private static final long TOPOLOGY_FLAG = 1 << 16;
  private static final long CLEAR_TOPOLOGY_FLAG = 1 << 17;

  private final RpcContext context;

  PartitionWrites(RpcContext context) {
    this.context = context;
  }

  void register(HandlerTable.Builder table) {
    table.on(MessageType.REQUEST_UPDATE_PARTITION, request -> change(request, false));
    table.on(MessageType.REQUEST_CREATE_PARTITION, request -> change(request, true));
  }

  private CompletionStage<Answer> change(Request request, boolean create) {
    UpdatePartitionRequest asked = (UpdatePartitionRequest) request.body();
    ClusterState state = context.snapshots().current();
    if (!Asking.isSuperUser(request, state)) {
      return Replies.refusedNow(SlurmError.ESLURM_USER_ID_MISSING);
    }
    if (asked.name() == null || asked.name().isEmpty()) {
      return Replies.refusedNow(SlurmError.ESLURM_INVALID_PARTITION_NAME);
    }
    CompletionStage<List<Long>> members =
        asked.allowGroups() == null || isAll(asked.allowGroups())
            ? CompletableFuture.completedStage(List.of())
            : context.identities().members(List.of(asked.allowGroups().split(",", -1)));
    return members
        .thenCompose(
            users -> {
              UpdatePartition command =
                  UpdatePartition.builder()
                      .time(context.now())
                      .caller(Asking.caller(request, state))
                      .create(create)
                      .changes(changes(asked).allowUids(Longs.copyOf(users)).build())
                      .build();
              return context.commands().submit(command);
            })
        .thenApply(Replies::done);
  }

  private static boolean isAll(String list) {
    return list.isEmpty() || list.equalsIgnoreCase("ALL");
  }

  private static PartitionChanges.Builder changes(UpdatePartitionRequest asked) {
    PartitionChanges.Builder changes =
        PartitionChanges.builder()
            .name(PartitionName.of(asked.name()))
            .nodes(asked.nodes())
            .allocNodes(asked.allowAllocNodes())
            .allowAccounts(asked.allowAccounts())
            .allowGroups(asked.allowGroups())
            .allowQos(asked.allowQos())
            .denyAccounts(asked.denyAccounts())
            .denyQos(asked.denyQos())
            .qos(asked.qos())
            .alternate(asked.alternate())
            .billingWeights(asked.billingWeights())
            .cpuBind(asked.cpuBind())
            .jobDefaults(asked.jobDefaults())
            .flagsSet((asked.flags() & SETTABLE) | (asked.flags() & TOPOLOGY_FLAG))
            .flagsClear(
                ((asked.flags() >> CLEAR_SHIFT) & SETTABLE)
                    | ((asked.flags() & CLEAR_TOPOLOGY_FLAG) >> 1))
            .stateUp(asked.stateUp());
    limits(asked, changes);
    if (asked.defaultMemoryPerCpu() != NoVal.NO_VAL64) {
      changes
          .defaultMemoryMiB(asked.defaultMemoryPerCpu() & ~PER_CPU)
          .defaultMemoryPerCpu((asked.defaultMemoryPerCpu() & PER_CPU) != 0);
    }
    if (asked.maxMemoryPerCpu() != NoVal.NO_VAL64) {
      changes
          .maxMemoryMiB(asked.maxMemoryPerCpu() & ~PER_CPU)
          .maxMemoryPerCpu((asked.maxMemoryPerCpu() & PER_CPU) != 0);
    }
    return changes;
  }

  private static void limits(UpdatePartitionRequest asked, PartitionChanges.Builder changes) {
    changes
        .defaultTimeMinutes(asked.defaultTime())
        .maxTimeMinutes(asked.maxTime())
        .maxCpusPerNode(asked.maxCpusPerNode())
        .maxCpusPerSocket(asked.maxCpusPerSocket())
        .minNodes(asked.minNodes())
        .maxNodes(asked.maxNodes())
        .graceTimeSeconds(asked.graceTime())
        .overTimeLimitMinutes(asked.overTimeLimit())
        .preemptMode(asked.preemptMode())
        .priorityJobFactor(asked.priorityJobFactor())
        .priorityTier(asked.priorityTier())
        .maxShare(asked.maxShare());
  }
}

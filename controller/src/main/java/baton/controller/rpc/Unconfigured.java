package baton.controller.rpc;

import baton.controller.model.ClusterState;
import baton.controller.query.LicenseAnswers;
import baton.controller.query.PriorityAnswers;
import baton.protocol.error.SlurmError;
import baton.protocol.message.AssociationManagerResponse;
import baton.protocol.message.BurstBufferInfoResponse;
import baton.protocol.message.BurstBufferStatusResponse;
import baton.protocol.message.FederationRecord;
import baton.protocol.message.FrontEndInfoResponse;
import baton.protocol.message.HostlistExpansionText;
import baton.protocol.message.MessageType;
import baton.protocol.message.PriorityFactorsRequest;
import baton.protocol.message.ReservationInfoResponse;
import baton.protocol.message.SharesResponse;
import baton.protocol.message.TopologyInfoResponse;
import baton.protocol.message.TriggerInfo;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Questions about what a cluster may go without, answered as slurmctld does on a cluster without
 * it: reservations, federation, front ends, burst buffers, associations, a topology.
 */
final class Unconfigured {
  private static final long FLAT = 100;
  private static final List<String> TRES_NAMES =
      List.of("cpu", "mem", "energy", "node", "billing", "fs/disk", "vmem", "pages");

  private final RpcContext context;

  Unconfigured(RpcContext context) {
    this.context = context;
  }

  void register(HandlerTable.Builder table) {
    on(table, MessageType.REQUEST_RESERVATION_INFO, request -> reservations());
    on(table, MessageType.REQUEST_FRONT_END_INFO, request -> frontEnds());
    on(table, MessageType.REQUEST_LICENSE_INFO, request -> licenses());
    on(table, MessageType.REQUEST_PRIORITY_FACTORS, this::priorities);
    on(
        table,
        MessageType.REQUEST_TOPO_INFO,
        request ->
            Answer.of(
                MessageType.RESPONSE_TOPO_INFO,
                TopologyInfoResponse.builder().pluginId(FLAT).build()));
    on(
        table,
        MessageType.REQUEST_FED_INFO,
        request -> Answer.of(MessageType.RESPONSE_FED_INFO, FederationRecord.builder().build()));
    on(
        table,
        MessageType.REQUEST_BURST_BUFFER_INFO,
        request ->
            Answer.of(
                MessageType.RESPONSE_BURST_BUFFER_INFO, BurstBufferInfoResponse.builder().build()));
    on(
        table,
        MessageType.REQUEST_BURST_BUFFER_STATUS,
        request ->
            Answer.of(
                MessageType.RESPONSE_BURST_BUFFER_STATUS,
                BurstBufferStatusResponse.builder().build()));
    on(
        table,
        MessageType.REQUEST_ASSOC_MGR_INFO,
        request ->
            Answer.of(
                MessageType.RESPONSE_ASSOC_MGR_INFO,
                AssociationManagerResponse.builder()
                    .tresNames(TRES_NAMES)
                    .associations(List.of())
                    .qos(List.of())
                    .users(List.of())
                    .build()));
    on(
        table,
        MessageType.REQUEST_SHARE_INFO,
        request -> Answer.of(MessageType.RESPONSE_SHARE_INFO, SharesResponse.builder().build()));
    on(
        table,
        MessageType.REQUEST_TRIGGER_GET,
        request -> Answer.of(MessageType.RESPONSE_TRIGGER_GET, TriggerInfo.builder().build()));
    on(table, MessageType.REQUEST_HOSTLIST_EXPANSION, Unconfigured::expanded);
  }

  private static void on(
      HandlerTable.Builder table, MessageType type, Function<Request, Answer> answer) {
    table.on(type, request -> CompletableFuture.completedStage(answer.apply(request)));
  }

  private Answer reservations() {
    return Answer.of(
        MessageType.RESPONSE_RESERVATION_INFO,
        ReservationInfoResponse.builder().lastUpdate(lastUpdate()).build());
  }

  private Answer frontEnds() {
    return Answer.of(
        MessageType.RESPONSE_FRONT_END_INFO,
        FrontEndInfoResponse.builder().lastUpdate(lastUpdate()).build());
  }

  private long lastUpdate() {
    return context.snapshots().current().facts().now().getEpochSecond();
  }

  private Answer licenses() {
    return Answer.of(
        MessageType.RESPONSE_LICENSE_INFO, LicenseAnswers.all(context.snapshots().current()));
  }

  private Answer priorities(Request request) {
    ClusterState state = context.snapshots().current();
    return Answer.of(
        MessageType.RESPONSE_PRIORITY_FACTORS,
        PriorityAnswers.of(
            state,
            Asking.asker(request, state, 0, context.time().now()),
            (PriorityFactorsRequest) request.body()));
  }

  /** Host lists without functions stand for themselves. */
  private static Answer expanded(Request request) {
    String text = ((HostlistExpansionText) request.body()).text();
    try {
      HostList hosts = text == null ? HostList.empty() : HostList.parse(text);
      return Answer.of(
          MessageType.RESPONSE_HOSTLIST_EXPANSION,
          HostlistExpansionText.builder().text(hosts.ranged()).build());
    } catch (HostListException notAList) {
      return Answer.returnCode(SlurmError.ESLURM_INVALID_NODE_NAME);
    }
  }
}

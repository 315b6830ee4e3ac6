package baton.controller.rpc;

import baton.controller.model.ClusterState;
import baton.controller.model.NodeName;
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
import baton.protocol.message.ReturnCodeMessage;
import baton.protocol.message.SharesResponse;
import baton.protocol.message.TokenRequest;
import baton.protocol.message.TokenResponse;
import baton.protocol.message.TopologyConfigResponse;
import baton.protocol.message.TopologyInfoResponse;
import baton.protocol.message.TriggerInfo;
import baton.protocol.message.UpdateNodeRequest;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.Release;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Questions about what a cluster may go without, answered as slurmctld does on a cluster without
 * it: reservations, federation, front ends, burst buffers, associations, a topology.
 */
final class Unconfigured {
  private static final long FLAT = 100;
  private static final String FLAT_TOPOLOGY =
      """
      %YAML 1.1
      ---
      - topology: default
        cluster_default: false
        block: {}
        flat: {}
        ring: {}
        torus3d: {}
        tree: {}
      ...
      """;
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
    table.on(
        MessageType.REQUEST_PRIORITY_FACTORS,
        request -> CompletableFuture.completedStage(priorities(request)));
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
    on(table, MessageType.REQUEST_TOPO_CONFIG, request -> topology());
    on(table, MessageType.REQUEST_AUTH_TOKEN, this::token);
    on(table, MessageType.REQUEST_CREATE_NODE, this::createNode);
    on(table, MessageType.REQUEST_DELETE_NODE, this::deleteNode);
  }

  /** A flat cluster, as slurmctld 26.05 describes it. */
  private static Answer topology() {
    return Answer.of(
        MessageType.RESPONSE_TOPO_CONFIG,
        TopologyConfigResponse.builder().config(FLAT_TOPOLOGY).build());
  }

  /** Without auth/jwt there are no tokens; up to 22.05 an empty one says so. */
  private Answer token(Request request) {
    TokenRequest asked = (TokenRequest) request.body();
    boolean forAnother =
        asked.userName() != null && !Asking.isSuperUser(request, context.snapshots().current());
    if (request.release().atLeast(Release.V23_02)) {
      return Answer.returnCode(SlurmError.ESLURM_PLUGIN_NOT_LOADED);
    }
    return forAnother
        ? Answer.returnCode(SlurmError.ESLURM_USER_ID_MISSING)
        : Answer.of(MessageType.RESPONSE_AUTH_TOKEN, TokenResponse.builder().build());
  }

  /** Without MaxNodeCount the table of nodes has no room for more. */
  private Answer createNode(Request request) {
    String line = ((UpdateNodeRequest) request.body()).extra();
    if (!Asking.isSuperUser(request, context.snapshots().current())) {
      return Answer.returnCode(SlurmError.ESLURM_USER_ID_MISSING);
    }
    String words = line == null ? "" : line.toUpperCase(Locale.ROOT);
    boolean allowed = words.contains("STATE=FUTURE") || words.contains("STATE=CLOUD");
    String name = words.replaceFirst(".*NODENAME=([^ ]*).*", "$1").toLowerCase(Locale.ROOT);
    return allowed
        ? text(
            SlurmError.ESLURM_NODE_TABLE_FULL,
            "Unable to add node, node table is full (" + name + ")")
        : text(
            SlurmError.ESLURM_INVALID_NODE_STATE,
            "Only State=FUTURE and State=CLOUD allowed for nodes created by scontrol");
  }

  /** Nodes of slurm.conf cannot be deleted, and there are no others. */
  private Answer deleteNode(Request request) {
    ClusterState state = context.snapshots().current();
    if (!Asking.isSuperUser(request, state)) {
      return Answer.returnCode(SlurmError.ESLURM_USER_ID_MISSING);
    }
    String names = ((UpdateNodeRequest) request.body()).nodeNames();
    boolean known;
    try {
      known = names != null && HostList.parse(names).hosts().stream().allMatch(isNode(state));
    } catch (HostListException | IllegalArgumentException notAList) {
      known = false;
    }
    return text(
        known ? SlurmError.ESLURM_INVALID_NODE_STATE : SlurmError.ESLURM_INVALID_NODE_NAME,
        "failed to delete nodes " + names);
  }

  private static Predicate<String> isNode(ClusterState state) {
    return name -> state.nodes().get(NodeName.of(name)).isPresent();
  }

  private static Answer text(SlurmError error, String text) {
    return Answer.of(
        MessageType.RESPONSE_SLURM_RC_MSG,
        ReturnCodeMessage.builder().returnCode(error.wireNumber()).errorMessage(text).build());
  }

  private static void on(
      HandlerTable.Builder table, MessageType type, Function<Request, Answer> answer) {
    table.on(
        type,
        HandlerTable.Standing.UNCONFIGURED,
        request -> CompletableFuture.completedStage(answer.apply(request)));
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

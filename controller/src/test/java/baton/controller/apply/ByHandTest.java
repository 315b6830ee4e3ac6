package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.command.Configure;
import baton.controller.command.EpilogCompleted;
import baton.controller.command.PartitionChanges;
import baton.controller.command.TimePassed;
import baton.controller.command.UpdateNodes;
import baton.controller.command.UpdatePartition;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.ClusterConfig;
import baton.controller.model.JobState;
import baton.controller.model.Node;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import baton.controller.model.NodeState;
import baton.controller.model.Parameter;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an administrator does to nodes and partitions, and slurm.conf changed under jobs. */
class ByHandTest {
  private static final NodeName N1 = NodeName.of("n1");
  private static final NodeName N2 = NodeName.of("n2");
  private static final PartitionName MAIN = PartitionName.of("main");

  private final Fixture cluster = Fixture.withNodes(2);

  private Node node(NodeName name) {
    return cluster.state().nodes().require(name);
  }

  private Partition main() {
    return cluster.state().partitions().require(MAIN);
  }

  private Reply partition(PartitionChanges.Builder changes) {
    return cluster
        .apply(
            UpdatePartition.builder()
                .time(cluster.now())
                .caller(Fixture.ROOT)
                .changes(changes.name(MAIN).build())
                .build())
        .reply();
  }

  private Reply nodes(UpdateNodes.Builder changes) {
    return cluster
        .apply(changes.time(cluster.now()).caller(Fixture.ROOT).nodes(List.of(N1)).build())
        .reply();
  }

  private void configure(ClusterConfig config) {
    cluster.apply(Configure.builder().time(cluster.now()).config(config).build());
  }

  @Test
  void aJobOnARemovedNodeEndsAndWaitsForTheOthersAlone() {
    JobId job = cluster.accepted(Fixture.batch().minNodes(2).minCpus(2));
    cluster.schedule();
    assertEquals(JobState.RUNNING, cluster.job(job).state());
    configure(Fixture.config(1));
    assertEquals(JobState.NODE_FAIL, cluster.job(job).state());
    assertEquals(List.of(N1), cluster.job(job).completingNodes());
    assertTrue(
        cluster.state().effects().values().stream()
            .noneMatch(effect -> effect.nodes().contains(N2)));
    cluster.apply(EpilogCompleted.builder().time(cluster.now()).jobId(job).node(N1).build());
    assertFalse(JobLifecycle.isCompleting(cluster.job(job)));
    assertEquals(0, cluster.state().effects().size());
  }

  @Test
  void aJobThatEndsOnARemovedNodeIsDone() {
    JobId job = cluster.accepted(Fixture.batch());
    cluster.schedule();
    NodeName host = cluster.job(job).batchHost();
    ClusterConfig both = Fixture.config(2);
    configure(
        both.toBuilder()
            .nodes(both.nodes().stream().filter(one -> !one.name().equals(host)).toList())
            .build());
    assertEquals(JobState.NODE_FAIL, cluster.job(job).state());
    assertFalse(JobLifecycle.isCompleting(cluster.job(job)));
    assertEquals(0, cluster.state().effects().size());
  }

  @Test
  void reconfigFlagsKeepWhatWasSetByHand() {
    partition(PartitionChanges.builder().stateUp(1).maxTimeMinutes(7));
    ClusterConfig config = Fixture.config(2);
    configure(flags(config, "KeepPartInfo"));
    assertEquals(7, main().maxTimeMinutes());
    configure(flags(config, "KeepPartState"));
    assertEquals(1, main().stateUp());
    assertFalse(main().maxTimeMinutes() == 7);
    configure(config);
    assertEquals(3, main().stateUp());
  }

  private static ClusterConfig flags(ClusterConfig config, String word) {
    Parameter parameter = Parameter.builder().name("ReconfigFlags").value(word).build();
    return config.toBuilder().parameters(List.of(parameter)).build();
  }

  @Test
  void nodesOfAPartitionMayBeAddedAndTakenAway() {
    partition(PartitionChanges.builder().nodes("-n1"));
    assertEquals(List.of(N2), main().members());
    partition(PartitionChanges.builder().nodes("+n[1-2]"));
    assertEquals(List.of(N1, N2), main().members());
    partition(PartitionChanges.builder().nodes("n1 n2"));
    assertEquals(List.of(N1, N2), main().members());
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_INVALID_NODE_NAME),
        partition(PartitionChanges.builder().nodes("n1,nope")));
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_INVALID_NODE_NAME),
        partition(PartitionChanges.builder().nodes("n[1")));
  }

  @Test
  void whatAPartitionCannotHaveIsRefusedOrLeftOut() {
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_INVALID_TRES_BILLING_WEIGHTS),
        partition(PartitionChanges.builder().billingWeights("cpu")));
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_INVALID_JOB_DEFAULTS),
        partition(PartitionChanges.builder().jobDefaults("DefCpuPerGPU=x")));
    partition(
        PartitionChanges.builder()
            .maxTimeMinutes(60)
            .defaultTimeMinutes(30)
            .jobDefaults("DefCpuPerGPU=2"));
    partition(PartitionChanges.builder().defaultTimeMinutes(90).alternate("NONE"));
    assertEquals(30, main().defaultTimeMinutes());
    assertNull(main().alternate());
    assertEquals("DefCpuPerGPU=2", main().jobDefaults());
  }

  @Test
  void activeFeaturesAreAvailableOnes() {
    assertEquals(Reply.ACCEPTED, nodes(UpdateNodes.builder().features("a,b")));
    assertEquals(Reply.ACCEPTED, nodes(UpdateNodes.builder().featuresActive("a")));
    Reply.Accepted note =
        assertInstanceOf(
            Reply.Accepted.class,
            nodes(UpdateNodes.builder().featuresActive("z").comment("taken over")));
    assertEquals(SlurmError.ESLURM_ACTIVE_FEATURE_NOT_SUBSET, note.note());
    assertEquals("a", node(N1).featuresActive());
    assertEquals("taken over", node(N1).comment());
  }

  @Test
  void aNodeComesBackWhenItsTimeHasCome() {
    nodes(UpdateNodes.builder().state(NodeState.DOWN.value()).reason("x").resumeAfterSeconds(60));
    assertEquals(NodeState.DOWN, node(N1).baseState());
    cluster.pass(59);
    cluster.apply(TimePassed.builder().time(cluster.now()).build());
    assertEquals(NodeState.DOWN, node(N1).baseState());
    cluster.pass(1);
    cluster.apply(TimePassed.builder().time(cluster.now()).build());
    assertEquals(NodeState.IDLE, node(N1).baseState());
    assertEquals(NodeFlag.NO_RESPOND, node(N1).flags());
    assertNull(node(N1).resumeAfter());
    cluster.register(N1);
    assertEquals(0, node(N1).flags());
  }

  @Test
  void addressesAreOneForEachNode() {
    assertEquals(Reply.ACCEPTED, nodes(UpdateNodes.builder().nodeAddresses("there")));
    assertEquals("there", node(N1).definition().address());
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_INVALID_NODE_NAME),
        nodes(UpdateNodes.builder().nodeAddresses("there,elsewhere")));
  }
}

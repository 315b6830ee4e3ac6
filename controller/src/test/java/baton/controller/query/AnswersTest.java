package baton.controller.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.model.Allocation;
import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterFacts;
import baton.controller.model.ClusterState;
import baton.controller.model.EffectId;
import baton.controller.model.Job;
import baton.controller.model.JobFlag;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.NodeState;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.model.collection.SortedTable;
import baton.protocol.message.JobInfo;
import baton.protocol.message.JobResources;
import baton.protocol.message.NodeInfo;
import baton.protocol.message.NodeInfoResponse;
import baton.protocol.message.PartitionInfo;
import baton.protocol.type.BitString;
import baton.protocol.type.Gid;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Expected values are what slurmctld 22.05.8 said of the same nodes and jobs. */
class AnswersTest {
  private static final Instant START = Instant.ofEpochSecond(1_700_000_000);
  private static final Uid ALICE = Uid.of(2001);

  private final Map<JobId, Job> jobs = new TreeMap<>();

  private static NodeDefinition node(
      String name, int sockets, int cores, int threads, long memory) {
    return NodeDefinition.builder()
        .name(NodeName.of(name))
        .hostName(name)
        .address(name)
        .cpus(sockets * cores * threads)
        .sockets(sockets)
        .coresPerSocket(cores)
        .threadsPerCore(threads)
        .realMemoryMiB(memory)
        .build();
  }

  private static Partition partition(String name, long flags, String... nodes) {
    List<NodeName> members = new ArrayList<>();
    for (String node : nodes) {
      members.add(NodeName.of(node));
    }
    return Partition.builder()
        .name(PartitionName.of(name))
        .nodes(String.join(",", nodes))
        .nodeSets(String.join(",", nodes))
        .members(members)
        .flags(flags)
        .maxTimeMinutes(1440)
        .build();
  }

  private ClusterState state() {
    List<NodeDefinition> nodes =
        List.of(node("n1", 1, 4, 1, 4000), node("n2", 2, 2, 2, 8192), node("n3", 2, 1, 1, 2048));
    Partition main = partition("main", 1, "n1", "n2");
    Partition weighted =
        partition("short", 0, "n1", "n2", "n3").toBuilder()
            .billingWeights("CPU=1.0,Mem=0.25G")
            .defaultTimeMinutes(5)
            .build();
    Partition secret = partition("secret", 2, "n3");
    ClusterConfig config =
        ClusterConfig.builder()
            .clusterName("test")
            .nodes(nodes)
            .partitions(List.of(main, weighted, secret))
            .selectTypeParameters(0x14)
            .build();
    Map<NodeName, Node> table = new TreeMap<>();
    for (NodeDefinition node : nodes) {
      table.put(
          node.name(),
          Node.builder().name(node.name()).definition(node).baseState(NodeState.IDLE).build());
    }
    Map<PartitionName, Partition> partitions = new TreeMap<>();
    config.partitions().forEach(partition -> partitions.put(partition.name(), partition));
    return ClusterState.of(
        config,
        ClusterFacts.builder()
            .now(START)
            .nextJobId(JobId.of(9))
            .nextEffectId(EffectId.of(1))
            .build(),
        SortedTable.copyOf(jobs),
        SortedTable.copyOf(table),
        SortedTable.copyOf(partitions),
        SortedTable.empty());
  }

  private static Asker asker(Release release, int flags) {
    return new Asker(ALICE, false, release, flags, START.plusSeconds(10));
  }

  private static JobRequest.Builder request() {
    return JobRequest.builder()
        .name("job")
        .userId(ALICE)
        .groupId(Gid.of(2001))
        .userName("alice")
        .batch(true)
        .partitions(List.of(PartitionName.of("main")))
        .arguments(List.of("/home/alice/job.sh", "a", "b"));
  }

  private Job add(Job.Builder job) {
    Job made = job.submitTime(START).build();
    jobs.put(made.id(), made);
    return made;
  }

  private Job running() {
    NodeAllocation share =
        NodeAllocation.builder()
            .node(NodeName.of("n2"))
            .cores(BitString.ofIndices(4, 0, 2))
            .cpuCount(4)
            .memoryMiB(1200)
            .build();
    return add(
        Job.builder()
            .id(JobId.of(2))
            .request(request().minCpus(3).taskCount(3).memoryMiB(300).memoryPerCpu(true).build())
            .state(JobState.RUNNING)
            .partition(PartitionName.of("main"))
            .startTime(START)
            .endTime(START.plusSeconds(86_400))
            .batchHost(NodeName.of("n2"))
            .allocation(List.of(Allocation.builder().nodes(List.of(share)).build())));
  }

  private JobInfo view(Job job, Release release, int flags) {
    return JobAnswers.view(state(), job, asker(release, flags));
  }

  @Test
  void aRunningJobShowsWhatItHolds() {
    JobInfo info = view(running(), Release.V22_05, 2);
    assertEquals("cpu=4,mem=1200M,node=1,billing=4", info.tresAllocated());
    assertEquals("cpu=3,mem=900M,node=1,billing=3", info.tresRequested());
    assertEquals(4, info.numCpus());
    assertEquals(1, info.numNodes());
    assertEquals(3, info.numTasks());
    assertEquals("n2", info.nodeList());
    assertEquals("/home/alice/job.sh a b", info.command());
    assertEquals(1440, info.timeLimit());
    JobResources held = info.jobResources();
    assertEquals(BitString.ofIndices(4, 0, 2), held.coreBitmap());
    assertEquals(1, held.nodeRequirement());
    assertEquals(20, held.selectTypeParameters());
  }

  @Test
  void argumentsAreShownUpTo2205() {
    assertEquals("/home/alice/job.sh", view(running(), Release.V23_02, 0).command());
  }

  @Test
  void aCompletingJobShowsWhatStillCleansUp() {
    Job job = running();
    Job done =
        add(
            job.toBuilder()
                .state(JobState.COMPLETE)
                .stateFlags(JobFlag.COMPLETING)
                .completingNodes(List.of(NodeName.of("n2"))));
    JobInfo info = view(done, Release.V22_05, 0);
    assertEquals(0x8003, info.jobState());
    assertEquals("n2", info.nodeList());
    NodeInfo node = NodeAnswers.single(state(), asker(Release.V22_05, 0), "n2").nodes().get(0);
    assertEquals(0x402, node.nodeState());
    assertEquals(0, node.allocatedCpus());
  }

  @Test
  void aWaitingJobShowsWhatItAsksFor() {
    Job job =
        add(
            Job.builder()
                .id(JobId.of(7))
                .request(request().minCpus(20).taskCount(20).memoryMiB(0).build())
                .state(JobState.PENDING)
                .partition(PartitionName.of("main")));
    JobInfo info = view(job, Release.V22_05, 0);
    assertEquals(20, info.numCpus());
    assertEquals(3, info.numNodes());
    assertEquals("cpu=20,mem=4000M,node=1,billing=20", info.tresRequested());
    assertNull(info.tresAllocated());
    assertNull(info.nodeList());
    assertEquals(0, info.startTime());
    assertEquals((double) NoVal.NO_VAL, info.billableTres());
    assertEquals("alice", info.mailUser());
  }

  @Test
  void thePartitionsDefaultIsShownAsTheLimit() {
    Job job =
        add(
            Job.builder()
                .id(JobId.of(3))
                .request(request().partitions(List.of(PartitionName.of("short"))).build())
                .state(JobState.PENDING)
                .partition(PartitionName.of("short")));
    assertEquals(5, view(job, Release.V22_05, 0).timeLimit());
  }

  @Test
  void aNodeWithARunningJobIsAllocated() {
    running();
    NodeInfo node = NodeAnswers.single(state(), asker(Release.V26_05, 0), "n2").nodes().get(0);
    assertEquals(3, node.nodeState());
    assertEquals(4, node.allocatedCpus());
    assertEquals("cpu=4,mem=1200M", node.allocatedTres());
    assertEquals("cpu=8,mem=8G,billing=10", node.tres());
  }

  @Test
  void hiddenNodesAreBlankUpTo2405AndLeftOutSince() {
    jobs.clear();
    ClusterState state = withoutShort(state());
    NodeInfoResponse old = NodeAnswers.all(state, asker(Release.V24_05, 0));
    assertEquals(3, old.nodes().size());
    assertNull(old.nodes().get(2).nodeName());
    NodeInfoResponse recent = NodeAnswers.all(state, asker(Release.V24_11, 0));
    assertEquals(3, recent.recordCount());
    assertEquals(2, recent.nodes().size());
    assertEquals(BitString.ofIndices(3, 2), recent.hiddenNodes());
    NodeInfoResponse all = NodeAnswers.all(state, asker(Release.V24_11, 1));
    assertEquals(3, all.nodes().size());
  }

  private static ClusterState withoutShort(ClusterState state) {
    Map<PartitionName, Partition> left = new TreeMap<>();
    for (Partition partition : state.partitions().values()) {
      if (!partition.name().equals(PartitionName.of("short"))) {
        left.put(partition.name(), partition);
      }
    }
    return ClusterState.of(
        state.config(),
        state.facts(),
        state.jobs(),
        state.nodes(),
        SortedTable.copyOf(left),
        state.effects());
  }

  @Test
  void partitionsAreTotalledAndBilled() {
    List<PartitionInfo> shown =
        PartitionAnswers.all(state(), asker(Release.V22_05, 0)).partitions();
    assertEquals(2, shown.size());
    assertEquals("cpu=12,mem=12192M,node=2,billing=12", shown.get(0).tres());
    assertEquals("cpu=14,mem=14240M,node=3,billing=17", shown.get(1).tres());
    assertNull(shown.get(0).nodeSets());
  }

  @Test
  void jobsOfHiddenPartitionsAreShownToWhomAsksForAll() {
    add(
        Job.builder()
            .id(JobId.of(5))
            .request(request().partitions(List.of(PartitionName.of("secret"))).build())
            .state(JobState.PENDING)
            .partition(PartitionName.of("secret")));
    assertTrue(JobAnswers.all(state(), asker(Release.V22_05, 0)).isEmpty());
    assertEquals(1, JobAnswers.all(state(), asker(Release.V22_05, 1)).size());
    assertEquals(1, JobAnswers.single(state(), asker(Release.V22_05, 0), JobId.of(5)).size());
  }

  @Test
  void theBatchScriptIsAStepOfARunningJob() {
    running();
    assertEquals(
        1,
        StepAnswers.of(state(), asker(Release.V22_05, 0), JobId.of(NoVal.NO_VAL), NoVal.NO_VAL)
            .orElseThrow()
            .stepCount());
    assertTrue(
        StepAnswers.of(state(), asker(Release.V22_05, 0), JobId.of(99), NoVal.NO_VAL).isEmpty());
  }
}

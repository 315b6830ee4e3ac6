package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.command.BatchScriptCompleted;
import baton.controller.command.ClientsTold;
import baton.controller.command.CreateStep;
import baton.controller.command.EpilogCompleted;
import baton.controller.command.SignalJob;
import baton.controller.command.StepCompleted;
import baton.controller.command.TimePassed;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.JobState;
import baton.controller.model.NodeName;
import baton.controller.model.Parameter;
import baton.controller.model.RunningStep;
import baton.controller.model.Step;
import baton.controller.model.StepFlag;
import baton.controller.model.StepRequest;
import baton.controller.model.StepShare;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import baton.protocol.type.Longs;
import baton.protocol.type.Uid;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepLifeTest {
  private final Fixture cluster = Fixture.withNodes(2);
  private final JobId job = started();

  private JobId started() {
    JobId id = cluster.accepted(Fixture.batch().minNodes(2).minCpus(8).taskCount(8).memoryMiB(400));
    cluster.schedule();
    assertEquals(JobState.RUNNING, cluster.job(id).state());
    return id;
  }

  private static StepRequest.Builder asks(int nodes, int tasks) {
    return StepRequest.builder()
        .userId(Uid.of(2001))
        .minNodes(nodes)
        .maxNodes(nodes)
        .taskCount(tasks)
        .cpuCount(tasks)
        .memory(1L << 63 | 50)
        .taskDistribution(2)
        .srunPid(700 + tasks)
        .host("login")
        .port(5000);
  }

  private Reply create(StepRequest.Builder request) {
    return cluster
        .apply(
            CreateStep.builder()
                .time(cluster.now())
                .caller(Fixture.ALICE)
                .jobId(job)
                .request(request.build())
                .protocolVersion(9728)
                .build())
        .reply();
  }

  private Step created(StepRequest.Builder request) {
    return assertInstanceOf(Reply.StepCreated.class, create(request)).step();
  }

  private Reply ended(Step step, int first, int last, long status) {
    return cluster
        .apply(
            StepCompleted.builder()
                .time(cluster.now())
                .jobId(job)
                .stepId(step.stepId())
                .firstNode(first)
                .lastNode(last)
                .waitStatus(status)
                .build())
        .reply();
  }

  private static void refused(SlurmError error, Reply reply) {
    assertEquals(error, assertInstanceOf(Reply.Rejected.class, reply).error());
  }

  @Test
  void stepsGetNumbersNodesAndCoresOfTheirOwn() {
    Step first = created(asks(1, 3).flags(StepFlag.EXCLUSIVE));
    Step second = created(asks(1, 3).flags(StepFlag.EXCLUSIVE));
    assertEquals(List.of(0L, 1L), List.of(first.stepId(), second.stepId()));
    assertEquals("n1", first.nodeList());
    assertEquals("n2", second.nodeList(), "a node without other steps comes first");
    StepShare share = first.shares().get(0);
    assertEquals(Longs.of(0, 1, 2), share.taskIds());
    assertEquals(3, share.cores().cardinality());
    assertEquals(150, share.memoryMiB());
    Step third = created(asks(1, 1));
    assertEquals("n1", third.nodeList());
    assertTrue(third.shares().get(0).cores().get(3), "the core that is left");
  }

  @Test
  void aStepWithoutRoomWaitsForAnotherToEnd() {
    created(asks(2, 8));
    Reply.Accepted busy = assertInstanceOf(Reply.Accepted.class, create(asks(1, 1)));
    assertEquals(SlurmError.ESLURM_NODES_BUSY, busy.note());
    assertEquals(1, waiting());
    create(asks(1, 1));
    assertEquals(1, waiting(), "the same srun waits once");
    created(asks(1, 1).flags(StepFlag.OVERLAP));
    assertEquals(0, waiting(), "it got its step");
  }

  private long waiting() {
    return cluster.state().stepsOf(job).stream()
        .filter(step -> step.state() == JobState.PENDING)
        .count();
  }

  private Effect owed(EffectKind kind) {
    List<Effect> found =
        cluster.state().effects().values().stream().filter(debt -> debt.kind() == kind).toList();
    assertEquals(1, found.size(), () -> kind + " among " + cluster.state().effects());
    return found.get(0);
  }

  @Test
  void whoWaitsIsToldToAskAgainWhenAStepEnds() {
    Step full = created(asks(2, 8));
    create(asks(1, 1));
    ended(full, 0, 1, 0);
    Effect again = owed(EffectKind.CLIENT_STEP_SIGNAL);
    assertEquals("login", again.host());
    assertEquals(5000, again.port());
    assertEquals(0, again.signal());
    assertEquals(0, waiting());
  }

  @Test
  void aCancelledStepIsSignalledOnItsNodesAlone() {
    Step step = created(asks(1, 1));
    SignalJob cancel =
        SignalJob.builder()
            .time(cluster.now())
            .caller(Fixture.ALICE)
            .jobId(job)
            .stepId(step.stepId())
            .build();
    cluster.apply(cancel);
    Effect signal = owed(EffectKind.SIGNAL_JOB);
    assertEquals(List.of(NodeName.of("n1")), signal.nodes());
    assertEquals(step.stepId(), signal.stepId());
    owed(EffectKind.CLIENT_JOB_COMPLETE);
    assertEquals(JobState.RUNNING, cluster.job(job).state());
    refused(
        SlurmError.ESLURM_INVALID_JOB_ID,
        cluster.apply(cancel.toBuilder().stepId(77).build()).reply());
  }

  @Test
  void aStepIsEndedWhenItsOwnTimeIsUp() {
    Step step = created(asks(1, 1).timeLimitMinutes(1));
    cluster.pass(59);
    assertFalse(Steps.isDue(step, cluster.job(job), cluster.now()));
    cluster.pass(1);
    assertTrue(Steps.isDue(step, cluster.job(job), cluster.now()));
    cluster.apply(TimePassed.builder().time(cluster.now()).build());
    assertEquals(step.stepId(), owed(EffectKind.KILL_STEP_TIME_LIMIT).stepId());
    cluster.apply(TimePassed.builder().time(cluster.now()).build());
    owed(EffectKind.KILL_STEP_TIME_LIMIT);
  }

  @Test
  void srunHearsOfANodeThatDoesNotKnowItsStep() {
    created(asks(1, 1));
    cluster.register(NodeName.of("n2"));
    cluster.register(NodeName.of("n1"), alive(0));
    assertTrue(missing().isEmpty(), "it is younger than the list need be");
    cluster.pass(60);
    cluster.register(NodeName.of("n1"), alive(BATCH), alive(0));
    assertTrue(missing().isEmpty());
    cluster.register(NodeName.of("n1"), alive(BATCH));
    assertEquals("n1", owed(EffectKind.CLIENT_STEP_MISSING).text());
  }

  @Test
  void aStepThatNeitherItsNodesNorItsSrunKnowIsOver() {
    created(asks(2, 8));
    assertFalse(cluster.state().stepsOf(job).isEmpty());
    cluster.pass(60);
    for (String name : List.of("n1", "n2")) {
      assertEquals(1, cluster.state().stepsOf(job).size());
      cluster.register(NodeName.of(name), alive(BATCH));
      Effect debt = owed(EffectKind.CLIENT_STEP_MISSING);
      cluster.apply(ClientsTold.builder().time(cluster.now()).gone(List.of(debt.id())).build());
    }
    assertTrue(cluster.state().stepsOf(job).isEmpty());
    assertEquals(0, cluster.job(job).derivedExitCode());
    assertEquals(JobState.RUNNING, cluster.job(job).state());
    created(asks(2, 8));
  }

  private static final long BATCH = 0xfffffffbL;

  private RunningStep alive(long stepId) {
    return RunningStep.builder().jobId(job).stepId(stepId).build();
  }

  private List<Effect> missing() {
    return cluster.state().effects().values().stream()
        .filter(debt -> debt.kind() == EffectKind.CLIENT_STEP_MISSING)
        .toList();
  }

  @Test
  void theLastNodeEndsAStepAndTheWorstStatusStays() {
    Step step = created(asks(2, 8));
    assertInstanceOf(Reply.Accepted.class, ended(step, 1, 1, 3 << 8));
    assertEquals(1, cluster.state().stepsOf(job).size());
    refused(SlurmError.EINVAL, ended(step, 1, 2, 0));
    assertInstanceOf(Reply.Accepted.class, ended(step, 0, 0, 0));
    assertTrue(cluster.state().stepsOf(job).isEmpty());
    assertEquals(3 << 8, cluster.job(job).derivedExitCode());
    refused(SlurmError.ESLURM_INVALID_JOB_ID, ended(step, 0, 0, 0));
    created(asks(2, 8));
  }

  @Test
  void portsAreSetAsideOnTheNodesOfAStep() {
    ports("ports=12000-12005");
    assertEquals("12001-12002", created(asks(1, 1)).reservedPorts());
    assertEquals("12003-12005", created(asks(1, 1).reservedPortCount(3)).reservedPorts());
    assertNull(created(asks(1, 1).reservedPortCount(0)).reservedPorts());
    refused(SlurmError.ESLURM_PORTS_INVALID, create(asks(1, 1).reservedPortCount(7)));
  }

  @Test
  void aStepWithoutPortsWaitsForThoseOfAnother() {
    ports("ports=12000-12002");
    Step first = created(asks(2, 2));
    assertEquals("12001-12002", first.reservedPorts());
    assertEquals(new Reply.Accepted(SlurmError.ESLURM_PORTS_BUSY), create(asks(1, 1)));
    ended(first, 0, 1, 0);
    assertEquals("12000-12001", created(asks(1, 1)).reservedPorts());
  }

  @Test
  void stepsGoRoundTheNodesOfTheirJob() {
    assertEquals(List.of("n1", "n2", "n1"), roundWithANodeByName("24.11"));
  }

  @Test
  void aNodeAskedForByNameDoesNotMoveTheRoundFrom2605() {
    assertEquals(List.of("n1", "n2", "n2"), roundWithANodeByName("26.05"));
  }

  private List<String> roundWithANodeByName(String release) {
    cluster.configure(config -> config.release(release));
    Step first = created(asks(1, 1));
    ended(first, 0, 0, 0);
    Step named = created(asks(1, 1).nodes("n2"));
    ended(named, 0, 0, 0);
    return List.of(first.nodeList(), named.nodeList(), created(asks(1, 1)).nodeList());
  }

  @Test
  void aStepRefusedAfterItFoundNodesMovesTheRoundToo() {
    Parameter parameter = Parameter.builder().name("MpiParams").value("ports=12000-12005").build();
    cluster.configure(config -> config.release("26.05").parameters(List.of(parameter)));
    Reply reply = create(asks(1, 1).reservedPortCount(7));
    assertEquals(new Reply.Accepted(SlurmError.ESLURM_PORTS_INVALID), reply);
    assertEquals("n2", created(asks(1, 1)).nodeList());
  }

  private void ports(String value) {
    Parameter parameter = Parameter.builder().name("MpiParams").value(value).build();
    cluster.configure(config -> config.parameters(List.of(parameter)));
  }

  @Test
  void whatCannotBeIsRefused() {
    refused(SlurmError.ESLURM_TOO_MANY_REQUESTED_CPUS, create(asks(2, 9)));
    refused(SlurmError.ESLURM_INVALID_NODE_COUNT, create(asks(2, 2).maxNodes(1)));
    refused(SlurmError.ESLURM_REQUESTED_NODE_CONFIG_UNAVAILABLE, create(asks(1, 1).nodes("n9")));
    refused(SlurmError.ESLURM_INVALID_NODE_NAME, create(asks(1, 1).excludedNodes("n9")));
    refused(SlurmError.ESLURM_BAD_DIST, create(asks(1, 1).taskDistribution(7)));
    refused(SlurmError.ESLURM_BAD_TASK_COUNT, create(asks(1, 0)));
    refused(SlurmError.ESLURM_INVALID_GRES, create(asks(1, 1).tresPerNode("gres:gpu:1")));
    refused(SlurmError.ESLURM_USER_ID_MISSING, create(asks(1, 1).userId(Uid.of(2002))));
  }

  @Test
  void stepsGoWhenTheNodesOfTheirJobHaveCleanedUp() {
    created(asks(2, 8));
    cluster.apply(
        BatchScriptCompleted.builder()
            .time(cluster.now())
            .jobId(job)
            .node(NodeName.of("n1"))
            .caller(Fixture.ROOT)
            .userId(Uid.of(2001))
            .build());
    assertEquals(1, cluster.state().stepsOf(job).size());
    refused(SlurmError.ESLURM_ALREADY_DONE, create(asks(1, 1)));
    for (String node : List.of("n1", "n2")) {
      cluster.apply(
          EpilogCompleted.builder().time(cluster.now()).jobId(job).node(NodeName.of(node)).build());
    }
    assertTrue(cluster.state().steps().isEmpty());
  }
}

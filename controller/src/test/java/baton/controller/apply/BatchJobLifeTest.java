package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.command.BatchLaunchAnswered;
import baton.controller.command.BatchScriptCompleted;
import baton.controller.command.EffectAnswered;
import baton.controller.command.EpilogCompleted;
import baton.controller.command.LaunchLost;
import baton.controller.command.LaunchesSending;
import baton.controller.command.NodeRegistered;
import baton.controller.command.RequeueJob;
import baton.controller.command.SignalJob;
import baton.controller.command.TimePassed;
import baton.controller.command.UpdateNodes;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobFlag;
import baton.controller.model.JobReason;
import baton.controller.model.JobState;
import baton.controller.model.LaunchState;
import baton.controller.model.Node;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import baton.controller.model.NodeRegistration;
import baton.controller.model.NodeState;
import baton.controller.model.RequestFlag;
import baton.controller.model.RunningStep;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import baton.protocol.type.Uid;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A batch job from its submission to its end, on each of its ways. */
class BatchJobLifeTest {
  private static final NodeName N1 = NodeName.of("n1");
  private final Fixture cluster = Fixture.withNodes(2);

  @Test
  void startsAtOnceAndOwesOneLaunch() {
    JobId id = cluster.accepted(Fixture.batch());
    cluster.schedule();
    Job job = cluster.job(id);
    assertEquals(JobState.RUNNING, job.state());
    assertEquals(LaunchState.OWED, job.launchState());
    assertEquals(N1, job.batchHost());
    assertEquals(List.of(EffectKind.LAUNCH_BATCH), owedKinds());
  }

  @Test
  void flagsThatAreTheControllersAreNotTakenFromAClient() {
    JobId id =
        cluster.accepted(
            Fixture.batch().bitFlags(RequestFlag.STEPS_MADE_ON_NODE | RequestFlag.SPREAD));
    long flags = cluster.job(id).request().bitFlags();
    assertEquals(RequestFlag.SPREAD, flags & (RequestFlag.CONTROLLERS | RequestFlag.SPREAD));
  }

  @Test
  void endsWithItsScriptsStatusOnceItsNodeHasCleanedUp() {
    JobId id = running();
    complete(id, 3 << 8);
    Job ending = cluster.job(id);
    assertEquals(JobState.FAILED, ending.state());
    assertEquals(3 << 8, ending.exitCode());
    assertEquals(JobReason.NON_ZERO_EXIT_CODE, ending.reason());
    assertEquals(JobFlag.COMPLETING, ending.stateFlags() & JobFlag.COMPLETING);
    assertEquals(1, cluster.state().holdingsOn(N1).size(), "held until the node has cleaned up");
    epilog(id);
    assertEquals(0, cluster.job(id).stateFlags() & JobFlag.COMPLETING);
    assertTrue(cluster.state().holdingsOn(N1).isEmpty());
    assertTrue(cluster.state().effects().isEmpty());
  }

  @Test
  void aCancelledJobLearnsItsStatusLater() {
    JobId id = running();
    cancel(id);
    assertEquals(JobState.CANCELLED, cluster.job(id).state());
    Reply late = complete(id, 15);
    assertEquals(new Reply.Accepted(SlurmError.ESLURM_ALREADY_DONE), late);
    assertEquals(15, cluster.job(id).exitCode());
  }

  @Test
  void aSecondCancelIsRefusedAndChangesNothing() {
    JobId id = running();
    cancel(id);
    Outcome again = cancel(id);
    assertEquals(Reply.rejected(SlurmError.ESLURM_ALREADY_DONE), again.reply());
    assertSame(cluster.job(id), again.next().jobs().require(id));
    assertEquals(Delta.NONE, again.delta());
  }

  @Test
  void timesOutThroughTheNodes() {
    JobId id = cluster.accepted(Fixture.batch().timeLimitMinutes(1));
    cluster.schedule();
    cluster.pass(60);
    cluster.apply(TimePassed.builder().time(cluster.now()).build());
    assertEquals(JobState.TIMEOUT, cluster.job(id).state());
    assertEquals(List.of(EffectKind.KILL_TIME_LIMIT), owedKinds());
  }

  @Test
  void aLaunchThatWasNeverSentCanBeSentByTheNextLeader() {
    JobId id = cluster.accepted(Fixture.batch());
    cluster.schedule();
    assertEquals(LaunchState.OWED, cluster.job(id).launchState());
    cluster.apply(LaunchLost.builder().time(cluster.now()).effectId(launch().id()).build());
    assertEquals(JobState.RUNNING, cluster.job(id).state(), "an unsent launch is never fenced");
  }

  @Test
  void aLaunchThatMayHaveArrivedIsFencedAndTheJobQueuedAgain() {
    JobId id = sending();
    cluster.apply(LaunchLost.builder().time(cluster.now()).effectId(launch().id()).build());
    Job fenced = cluster.job(id);
    assertEquals(JobState.PENDING, fenced.state());
    assertEquals(1, fenced.restartCount());
    assertEquals(List.of(EffectKind.TERMINATE_JOB), owedKinds());
    assertTrue(cluster.schedule().starts().isEmpty(), "not before the node answered the fence");
    epilog(id);
    cluster.pass(25);
    assertTrue(cluster.schedule().starts().isEmpty(), "not while the kill may come once more");
    cluster.pass(6);
    assertEquals(1, cluster.schedule().starts().size());
  }

  @Test
  void aLaunchThatNoControllerCouldBeToldOfIsRepeated() {
    JobId id = sending();
    launchFailed(id);
    Job again = cluster.job(id);
    assertEquals(JobState.PENDING, again.state());
    assertEquals(0, again.stateFlags() & JobFlag.REQUEUE_HOLD);
    epilog(id);
    cluster.pass(31);
    assertEquals(1, cluster.schedule().starts().size());
  }

  @Test
  void aLaunchThatFailedAfterItsAnswerIsHeld() {
    JobId id = running();
    launchFailed(id);
    epilog(id);
    assertEquals(JobReason.HELD_BY_USER, cluster.job(id).reason());
    assertEquals("launch failed requeued held", cluster.job(id).stateDescription());
    cluster.pass(200);
    assertTrue(cluster.schedule().starts().isEmpty());
  }

  /** As slurmd asks for. */
  private void launchFailed(JobId id) {
    cluster.apply(
        RequeueJob.builder()
            .time(cluster.now())
            .caller(Fixture.ROOT)
            .jobId(id)
            .flags(JobFlag.REQUEUE_HOLD | JobFlag.LAUNCH_FAILED)
            .build());
  }

  @Test
  void aFencedLaunchThatDidRunIsARequeueOnlyIfTheJobAllowsOne() {
    JobId id = cluster.accepted(Fixture.batch().requeue(false));
    cluster.schedule();
    markSending();
    cluster.apply(LaunchLost.builder().time(cluster.now()).effectId(launch().id()).build());
    complete(id, 9);
    epilog(id);
    assertEquals(JobState.NODE_FAIL, cluster.job(id).state());
    assertTrue(cluster.schedule().starts().isEmpty());
  }

  @Test
  void aScriptSeenAliveSettlesItsLaunch() {
    JobId id = sending();
    cluster.register(N1, RunningStep.builder().jobId(id).stepId(0xfffffffbL).build());
    assertEquals(LaunchState.ACCEPTED, cluster.job(id).launchState());
    assertTrue(cluster.state().effects().isEmpty());
  }

  @Test
  void whatRunsOnANodeTakenDownIsEndedBeforeTheJobRunsAgain() {
    JobId id = running();
    cluster.apply(
        UpdateNodes.builder()
            .time(cluster.now())
            .caller(Fixture.ROOT)
            .nodes(List.of(N1))
            .state(NodeState.DOWN.value())
            .reason("gone")
            .build());
    assertEquals(JobState.PENDING, cluster.job(id).state());
    assertEquals(List.of(EffectKind.ABORT_JOB), owedKinds());
    Effect fence = cluster.state().effects().values().iterator().next();
    assertEquals(List.of(N1), fence.nodes());
    cluster.pass(1);
    cluster.apply(
        EffectAnswered.builder()
            .time(cluster.now())
            .effectId(fence.id())
            .nodes(List.of(N1))
            .build());
    assertTrue(cluster.state().effects().isEmpty());
    assertEquals(NodeState.DOWN, cluster.state().nodes().require(N1).baseState());
  }

  @Test
  void aStepOfAnUnknownJobIsAborted() {
    cluster.register(N1, RunningStep.builder().jobId(JobId.of(77)).stepId(0).build());
    assertEquals(List.of(EffectKind.ABORT_JOB), owedKinds());
  }

  @Test
  void aNodeWithTooLittleMemoryIsDrained() {
    Fixture small = Fixture.withNodes(1);
    small.apply(
        NodeRegistered.builder()
            .time(small.now())
            .registration(
                NodeRegistration.builder()
                    .node(N1)
                    .cpus(4)
                    .sockets(1)
                    .coresPerSocket(4)
                    .threadsPerCore(1)
                    .realMemoryMiB(900)
                    .build())
            .build());
    Node node = small.state().nodes().require(N1);
    assertEquals("Low RealMemory (reported:900 < 100.00% of configured:1000)", node.reason());
    assertTrue((node.flags() & NodeFlag.DRAIN) != 0);
    assertEquals(NodeState.IDLE, node.baseState());
  }

  @Test
  void aJobThatNoNodeCanHoldIsRefused() {
    JobId waits = cluster.accepted(Fixture.batch().minCpus(100));
    assertEquals(JobReason.PARTITION_CONFIG, cluster.job(waits).reason());
    Reply refused = cluster.submit(Fixture.batch().memoryMiB(5000).build());
    assertEquals(
        new Reply.JobFailed(
            JobId.of(waits.value() + 1),
            SlurmError.ESLURM_REQUESTED_NODE_CONFIG_UNAVAILABLE,
            "Memory specification can not be satisfied"),
        refused);
    assertEquals(JobReason.BAD_CONSTRAINTS, cluster.job(JobId.of(waits.value() + 1)).reason());
  }

  @Test
  void aHeldJobWaitsForItsRelease() {
    JobId id = cluster.accepted(Fixture.batch().priorityAsked(0));
    assertTrue(cluster.schedule().starts().isEmpty());
    assertEquals(JobReason.HELD_BY_USER, cluster.job(id).reason());
    assertNull(cluster.job(id).eligibleTime());
  }

  private JobId running() {
    JobId id = sending();
    cluster.apply(
        BatchLaunchAnswered.builder()
            .time(cluster.now())
            .effectId(launch().id())
            .jobId(id)
            .node(N1)
            .build());
    return id;
  }

  private JobId sending() {
    JobId id = cluster.accepted(Fixture.batch());
    cluster.schedule();
    markSending();
    return id;
  }

  private void markSending() {
    cluster.apply(
        LaunchesSending.builder().time(cluster.now()).effects(List.of(launch().id())).build());
  }

  private Effect launch() {
    return assertInstanceOf(Effect.class, cluster.state().effects().values().iterator().next());
  }

  private Reply complete(JobId id, long waitStatus) {
    return cluster
        .apply(
            BatchScriptCompleted.builder()
                .time(cluster.now())
                .caller(Fixture.ROOT)
                .jobId(id)
                .node(N1)
                .userId(Uid.of(2001))
                .waitStatus(waitStatus)
                .build())
        .reply();
  }

  private void epilog(JobId id) {
    cluster.apply(EpilogCompleted.builder().time(cluster.now()).jobId(id).node(N1).build());
  }

  private Outcome cancel(JobId id) {
    return cluster.apply(
        SignalJob.builder().time(cluster.now()).caller(Fixture.ALICE).jobId(id).build());
  }

  private List<EffectKind> owedKinds() {
    return cluster.state().effects().values().stream().map(Effect::kind).toList();
  }
}

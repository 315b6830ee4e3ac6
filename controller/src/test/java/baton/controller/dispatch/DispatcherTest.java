package baton.controller.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.apply.Reply;
import baton.controller.command.BatchScriptCompleted;
import baton.controller.command.Caller;
import baton.controller.command.Configure;
import baton.controller.command.EpilogCompleted;
import baton.controller.command.NodeRegistered;
import baton.controller.command.RequeueJob;
import baton.controller.command.SignalJob;
import baton.controller.command.SubmitJob;
import baton.controller.command.UpdateNodes;
import baton.controller.fault.RecordingFaultHandler;
import baton.controller.journal.JobText;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.BlobId;
import baton.controller.model.ClusterConfig;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.LaunchState;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import baton.controller.model.NodeRegistration;
import baton.controller.model.NodeState;
import baton.controller.model.Parameter;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.model.RunningStep;
import baton.controller.replication.ProvenLead;
import baton.controller.scheduler.Budget;
import baton.controller.scheduler.Scheduler;
import baton.protocol.error.SlurmError;
import baton.protocol.message.BatchJobLaunch;
import baton.protocol.message.Identity;
import baton.protocol.message.KillJob;
import baton.protocol.message.MessageType;
import baton.protocol.net.SendFailure.Reason;
import baton.protocol.type.Gid;
import baton.protocol.type.JobId;
import baton.protocol.type.Longs;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The launch protocol and the kills, on a log without disk and nodes that the test plays. */
final class DispatcherTest {
  private static final NodeName N1 = NodeName.of("n1");
  private static final BlobId SCRIPT = BlobId.of("aa");
  private static final BlobId ENVIRONMENT = BlobId.of("bb");
  private static final Caller ALICE = Caller.builder().uid(Uid.of(2001)).gid(Gid.of(2001)).build();
  private static final Caller ROOT =
      Caller.builder().uid(Uid.ROOT).gid(Gid.of(0)).operator(true).superUser(true).build();

  private final HandTime time = new HandTime();
  private final LocalLog log = new LocalLog(time);
  private final RecordedClients clients = new RecordedClients();
  private final RecordedChannel channel = new RecordedChannel();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final List<NodeName> asked = new ArrayList<>();
  private final List<List<String>> scripts = new ArrayList<>();
  private Dispatcher dispatcher;

  @BeforeEach
  void startCluster() {
    log.put(SCRIPT, JobText.ofScript("#!/bin/sh\nhostname\n"));
    log.put(ENVIRONMENT, JobText.ofEnvironment(List.of("A=1", "B=")));
    NodeDefinition node =
        NodeDefinition.builder()
            .name(N1)
            .address("127.0.0.1")
            .port(6818)
            .cpus(4)
            .coresPerSocket(4)
            .realMemoryMiB(1000)
            .build();
    Partition partition =
        Partition.builder().name(PartitionName.of("main")).members(List.of(N1)).flags(1).build();
    ClusterConfig config =
        ClusterConfig.builder()
            .clusterName("test")
            .release("22.05")
            .nodes(List.of(node))
            .partitions(List.of(partition))
            .selectTypeParameters(0x14)
            .build();
    log.apply(Configure.builder().time(time.now()).config(config).start(true).build());
    register();
    lead();
  }

  @AfterEach
  void noFaults() {
    faults.assertNone();
  }

  /** A controller starts, with nothing but the state. */
  private void lead() {
    log.forgetFollowers();
    dispatcher =
        new Dispatcher(
            log,
            channel,
            clients,
            new NodeTargets(time),
            (user, group) ->
                Identity.builder().userId(user).groupId(group).groupIds(Longs.of(2001)).build(),
            (command, environment, limit, told) -> {
              scripts.add(command);
              told.accept(true);
              return () -> {};
            },
            time,
            new Doorbell(),
            asked::add,
            faults);
    log.follow(dispatcher);
  }

  private void register(RunningStep... alive) {
    register(time.now(), alive);
  }

  private void register(Instant madeAt, RunningStep... alive) {
    NodeRegistration registration =
        NodeRegistration.builder()
            .node(N1)
            .protocolVersion(Release.V22_05.protocolVersion())
            .cpus(4)
            .sockets(1)
            .coresPerSocket(4)
            .threadsPerCore(1)
            .realMemoryMiB(1000)
            .runningSteps(List.of(alive))
            .madeAt(madeAt)
            .build();
    log.apply(NodeRegistered.builder().time(time.now()).registration(registration).build());
  }

  private void work() {
    while (dispatcher.doWork() > 0) {
      // until there is nothing left to do now
    }
  }

  private void pass(long seconds) {
    for (long i = 0; i < seconds; i++) {
      time.pass(Duration.ofSeconds(1));
      work();
    }
  }

  private JobId startJob() {
    JobRequest request =
        JobRequest.builder()
            .name("job")
            .userId(Uid.of(2001))
            .groupId(Gid.of(2001))
            .batch(true)
            .requeue(true)
            .memoryMiB(100)
            .script(SCRIPT)
            .environment(ENVIRONMENT)
            .workDir("/tmp")
            .build();
    Reply reply =
        log.apply(SubmitJob.builder().time(time.now()).caller(ALICE).request(request).build());
    JobId id = ((Reply.JobAccepted) reply).jobId();
    log.apply(Scheduler.plan(log.state(), time.now(), Budget.unlimited()).toCommand(time.now()));
    assertEquals(JobState.RUNNING, job(id).state());
    return id;
  }

  private Job job(JobId id) {
    return log.state().jobs().require(id);
  }

  private List<RecordedChannel.Sent> launches() {
    return channel.all(MessageType.REQUEST_BATCH_JOB_LAUNCH);
  }

  @Test
  void aLaunchIsMarkedThenSentOnceThenAccepted() {
    JobId id = startJob();
    work();
    assertEquals(LaunchState.SENDING, job(id).launchState());
    assertEquals(1, launches().size());
    BatchJobLaunch launch = (BatchJobLaunch) launches().get(0).message().body();
    assertEquals("#!/bin/sh\nhostname\n", launch.script());
    assertEquals(List.of("A=1", "B="), launch.environment());
    assertEquals(job(id).launchTime().getEpochSecond(), launch.credential().body().creationTime());
    launches().get(0).answer(0);
    pass(60);
    assertEquals(LaunchState.ACCEPTED, job(id).launchState());
    assertEquals(1, launches().size());
    assertTrue(log.state().effects().isEmpty());
  }

  @Test
  void theControllersOwnPrologRunsBeforeAnythingIsLaunched() {
    ClusterConfig config =
        log.state().config().toBuilder()
            .parameters(
                List.of(Parameter.builder().name("PrologSlurmctld").value("/site/prolog").build()))
            .build();
    log.apply(Configure.builder().time(time.now()).config(config).build());
    JobId id = startJob();
    assertTrue(JobLifecycle.isConfiguring(job(id)));
    work();
    assertEquals(List.of(List.of("/site/prolog")), scripts);
    assertEquals(1, launches().size());
    assertFalse(JobLifecycle.isConfiguring(job(id)));
  }

  @Test
  void whatCertainlyDidNotArriveIsSentAgainAsTheSameBytes() {
    startJob();
    work();
    launches().get(0).fail(Reason.REFUSED);
    pass(5);
    assertEquals(2, launches().size());
    assertEquals(launches().get(0).message(), launches().get(1).message());
  }

  @Test
  void whatMayHaveArrivedIsNeverSentAgainButFenced() {
    JobId id = startJob();
    work();
    launches().get(0).fail(Reason.TIMEOUT);
    pass(5);
    assertEquals(1, launches().size());
    assertTrue(asked.contains(N1), "the node is asked what it runs");
    register();
    pass(30);
    register();
    assertEquals(JobState.RUNNING, job(id).state(), "it may come yet");
    pass(10);
    assertEquals(JobState.RUNNING, job(id).state(), "the node has not had its last word yet");
    register();
    pass(3);
    assertEquals(1, launches().size());
    assertEquals(JobState.PENDING, job(id).state());
    assertEquals(1, job(id).restartCount());
    KillJob fence = (KillJob) channel.last(MessageType.REQUEST_TERMINATE_JOB).message().body();
    BatchJobLaunch launch = (BatchJobLaunch) launches().get(0).message().body();
    assertTrue(
        fence.time() > launch.credential().body().creationTime(),
        "the fence revokes what was launched");
  }

  @Test
  void aNodeThatWasStoppedHasTheTimeThatItsScriptNeeds() {
    JobId id = startJob();
    work();
    launches().get(0).fail(Reason.TIMEOUT);
    pass(60);
    register();
    pass(9);
    register();
    pass(3);
    assertEquals(JobState.RUNNING, job(id).state(), "what waited in its socket may begin yet");
    pass(5);
    register();
    pass(3);
    assertEquals(JobState.PENDING, job(id).state());
    assertEquals(1, launches().size());
  }

  @Test
  void whatWasThereBeforeIsGoneBeforeTheNextRunIsSent() {
    JobId id = startJob();
    work();
    launches().get(0).answer(0);
    work();
    log.apply(RequeueJob.builder().time(time.now()).caller(ROOT).jobId(id).build());
    work();
    log.apply(EpilogCompleted.builder().time(time.now()).jobId(id).node(N1).build());
    RunningStep old = RunningStep.builder().jobId(id).stepId(Credentials.BATCH_STEP).build();
    pass(200);
    log.apply(Scheduler.plan(log.state(), time.now(), Budget.unlimited()).toCommand(time.now()));
    assertEquals(JobState.RUNNING, job(id).state());
    pass(3);
    register(old);
    pass(3);
    assertEquals(1, launches().size(), "the node still has the earlier run");
    log.apply(
        BatchScriptCompleted.builder().time(time.now()).jobId(id).node(N1).caller(ROOT).build());
    assertEquals(JobState.RUNNING, job(id).state(), "that was the end of the earlier run");
    register();
    pass(3);
    assertEquals(2, launches().size());
  }

  @Test
  void theDoubtIsOlderThanTheLeader() {
    JobId id = startJob();
    work();
    lead();
    pass(12);
    lead();
    work();
    register();
    pass(32);
    assertEquals(JobState.RUNNING, job(id).state());
    register();
    pass(3);
    assertEquals(JobState.PENDING, job(id).state());
    assertEquals(1, launches().size());
  }

  @Test
  void aSignOfTheScriptEndsTheDoubt() {
    JobId id = startJob();
    work();
    launches().get(0).fail(Reason.CLOSED);
    pass(5);
    register(RunningStep.builder().jobId(id).stepId(Credentials.BATCH_STEP).build());
    pass(60);
    assertEquals(LaunchState.ACCEPTED, job(id).launchState());
    assertEquals(JobState.RUNNING, job(id).state());
    assertEquals(1, launches().size());
  }

  @Test
  void aNewLeaderSendsWhatWasOnlyOwed() {
    JobId id = startJob();
    lead();
    work();
    assertEquals(1, launches().size());
    launches().get(0).answer(0);
    work();
    assertEquals(LaunchState.ACCEPTED, job(id).launchState());
  }

  @Test
  void aNewLeaderDoesNotSendWhatAnotherWasAboutToSend() {
    JobId id = startJob();
    work();
    assertEquals(1, launches().size());
    lead();
    work();
    assertEquals(1, launches().size());
    assertTrue(asked.contains(N1));
    register(RunningStep.builder().jobId(id).stepId(Credentials.BATCH_STEP).build());
    pass(60);
    assertEquals(1, launches().size());
    assertEquals(JobState.RUNNING, job(id).state());
  }

  @Test
  void nothingIsSentThatIsNotMarked() {
    startJob();
    log.refuse(true);
    pass(5);
    assertEquals(0, launches().size());
    log.refuse(false);
    pass(5);
    assertEquals(1, launches().size());
  }

  @Test
  void whoDoesNotLeadSendsNothing() {
    startJob();
    log.lead(false);
    pass(5);
    assertEquals(0, launches().size());
  }

  /** A process that was stopped goes on with what it knew; another may lead meanwhile. */
  @Test
  void whoHasNotProvenTheLeadSendsNothing() {
    startJob();
    log.prove(false);
    pass(5);
    assertEquals(0, launches().size());
    log.prove(true);
    pass(5);
    assertEquals(1, launches().size());
  }

  /** Stopped in the middle of a round: what it had decided to send next it does not send. */
  @Test
  void whoIsStoppedBetweenTwoMessagesSendsNoMore() {
    JobId first = startJob();
    JobId second = startJob();
    channel.onSend(() -> log.prove(false));
    work();
    assertEquals(1, launches().size());
    pass(5);
    assertEquals(1, launches().size());
    // deposed: the next leader finds both marked, and looks before it does anything
    log.lead(false);
    pass(5);
    channel.onSend(() -> {});
    lead();
    log.lead(true);
    log.prove(true);
    pass(5);
    assertEquals(1, launches().size());
    assertEquals(LaunchState.SENDING, job(first).launchState());
    assertEquals(LaunchState.SENDING, job(second).launchState());
    assertTrue(asked.contains(N1));
  }

  @Test
  void whoIsStoppedAndStillLeadsSendsTheRest() {
    startJob();
    startJob();
    channel.onSend(() -> log.prove(false));
    work();
    assertEquals(1, launches().size());
    channel.onSend(() -> {});
    log.prove(true);
    pass(5);
    assertEquals(2, launches().size());
  }

  /** The machine is suspended: one of its clocks stands still, the other shows it. */
  @Test
  void whoseClockStoodStillSendsNothing() {
    TwoClocks clocks = new TwoClocks();
    ProvenLead lead = new ProvenLead(clocks::monotonicNanos, clocks::now);
    log.prove(() -> lead.isFresh(1));
    lead.proven(1, lead.ask());
    JobId id = startJob();
    work();
    assertEquals(1, launches().size());
    launches().get(0).answer(0);
    work();
    log.apply(
        BatchScriptCompleted.builder().time(time.now()).jobId(id).node(N1).caller(ROOT).build());
    clocks.suspend(Duration.ofMinutes(10));
    pass(30);
    assertEquals(0, channel.all(MessageType.REQUEST_TERMINATE_JOB).size());
    lead.proven(1, lead.ask());
    work();
    assertEquals(1, channel.all(MessageType.REQUEST_TERMINATE_JOB).size());
  }

  @Test
  void aRegistrationOlderThanALateLaunchDoesNotMissTheScript() {
    JobId id = startJob();
    log.lead(false);
    pass(300);
    log.lead(true);
    pass(2);
    launches().get(0).answer(0);
    work();
    register();
    assertEquals(JobState.RUNNING, job(id).state());
    pass(60);
    register();
    assertEquals(JobState.PENDING, job(id).state(), "a script that never shows up is missed");
  }

  @Test
  void aRegistrationThatWasLongOnItsWayDoesNotMissTheScript() {
    Instant before = time.now();
    pass(1);
    JobId id = startJob();
    work();
    launches().get(0).answer(0);
    pass(120);
    register(before);
    assertEquals(JobState.RUNNING, job(id).state());
  }

  @Test
  void aRefusedLaunchEndsTheJob() {
    JobId id = startJob();
    work();
    launches().get(0).answer(SlurmError.ESLURM_INTERNAL.wireNumber());
    work();
    assertEquals(JobState.FAILED, job(id).state());
  }

  @Test
  void anEndedJobIsTerminatedUntilItsEpilogIsOver() {
    JobId id = startJob();
    work();
    launches().get(0).answer(0);
    work();
    log.apply(
        BatchScriptCompleted.builder().time(time.now()).jobId(id).node(N1).caller(ROOT).build());
    work();
    List<RecordedChannel.Sent> kills = channel.all(MessageType.REQUEST_TERMINATE_JOB);
    assertEquals(1, kills.size());
    kills.get(0).answer(0);
    pass(10);
    assertEquals(1, channel.all(MessageType.REQUEST_TERMINATE_JOB).size());
    pass(60);
    assertEquals(2, channel.all(MessageType.REQUEST_TERMINATE_JOB).size());
    log.apply(EpilogCompleted.builder().time(time.now()).jobId(id).node(N1).build());
    pass(200);
    assertEquals(2, channel.all(MessageType.REQUEST_TERMINATE_JOB).size());
    assertTrue(log.state().effects().isEmpty());
  }

  @Test
  void alreadyCompleteCountsAsTheEpilog() {
    JobId id = startJob();
    work();
    launches().get(0).answer(0);
    work();
    log.apply(
        BatchScriptCompleted.builder().time(time.now()).jobId(id).node(N1).caller(ROOT).build());
    work();
    channel
        .last(MessageType.REQUEST_TERMINATE_JOB)
        .answer(SlurmError.ESLURMD_KILL_JOB_ALREADY_COMPLETE.wireNumber());
    work();
    assertTrue(log.state().effects().isEmpty());
    assertEquals(0, job(id).completingNodes().size());
  }

  @Test
  void aSignalWaitsForTheLaunch() {
    JobId id = startJob();
    work();
    log.apply(
        SignalJob.builder().time(time.now()).caller(ALICE).jobId(id).signal(10).flags(1).build());
    pass(3);
    assertEquals(0, channel.all(MessageType.REQUEST_SIGNAL_TASKS).size());
    launches().get(0).answer(0);
    pass(2);
    assertEquals(1, channel.all(MessageType.REQUEST_SIGNAL_TASKS).size());
    channel.last(MessageType.REQUEST_SIGNAL_TASKS).answer(0);
    work();
    assertTrue(log.state().effects().isEmpty());
  }

  @Test
  void anAbortIsOwedUntilTheNodeSaysThatTheJobIsGone() {
    JobId id = startJob();
    work();
    launches().get(0).answer(0);
    work();
    setNode(NodeState.DOWN.value());
    setNode(NodeFlag.RESUME);
    work();
    RunningStep script = RunningStep.builder().jobId(id).stepId(Credentials.BATCH_STEP).build();
    channel.last(MessageType.REQUEST_ABORT_JOB).answer(0);
    asked.clear();
    pass(1);
    assertTrue(asked.contains(N1), "the node is asked what it runs");
    register(script);
    pass(3);
    assertTrue(log.state().isFenced(N1), "it answered, and has not obeyed yet");
    assertEquals(1, channel.all(MessageType.REQUEST_ABORT_JOB).size());
    register();
    work();
    pass(1);
    assertFalse(log.state().isFenced(N1));
    assertTrue(log.state().effects().isEmpty());
  }

  @Test
  void whatCannotBeKilledKeepsNewWorkAwayForAWhileOnly() {
    JobId id = startJob();
    work();
    launches().get(0).answer(0);
    work();
    setNode(NodeState.DOWN.value());
    setNode(NodeFlag.RESUME);
    RunningStep script = RunningStep.builder().jobId(id).stepId(Credentials.BATCH_STEP).build();
    work();
    for (int told = 1; told < 4; told++) {
      assertEquals(told, channel.all(MessageType.REQUEST_ABORT_JOB).size(), "it is told again");
      channel.last(MessageType.REQUEST_ABORT_JOB).answer(0);
      pass(2);
      register(script);
      assertTrue(log.state().isFenced(N1));
      pass(15);
    }
    channel.last(MessageType.REQUEST_ABORT_JOB).answer(0);
    pass(12);
    assertFalse(log.state().isFenced(N1));
  }

  @Test
  void aNodeThatIsHeardIsToldAtOnceWhatItWasToAbort() {
    JobId id = startJob();
    work();
    launches().get(0).answer(0);
    work();
    setNode(NodeState.DOWN.value());
    for (int tries = 1; tries < 9; tries++) {
      work();
      assertEquals(tries, channel.all(MessageType.REQUEST_ABORT_JOB).size());
      channel.last(MessageType.REQUEST_ABORT_JOB).fail(Reason.REFUSED);
      pass(11);
    }
    channel.last(MessageType.REQUEST_ABORT_JOB).fail(Reason.REFUSED);
    work();
    int before = channel.all(MessageType.REQUEST_ABORT_JOB).size();
    register(RunningStep.builder().jobId(id).stepId(Credentials.BATCH_STEP).build());
    work();
    assertEquals(before + 1, channel.all(MessageType.REQUEST_ABORT_JOB).size());
  }

  private void setNode(long state) {
    log.apply(
        UpdateNodes.builder()
            .time(time.now())
            .caller(ROOT)
            .nodes(List.of(N1))
            .state(state)
            .reason("by hand")
            .build());
  }
}

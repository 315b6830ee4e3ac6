package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.command.ClientsTold;
import baton.controller.command.EpilogCompleted;
import baton.controller.command.JobAllocationCompleted;
import baton.controller.command.NotifyJob;
import baton.controller.command.SignalJob;
import baton.controller.command.SubmitJob;
import baton.controller.command.TimePassed;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.NodeName;
import baton.controller.rpc.StartNow;
import baton.protocol.error.SlurmError;
import baton.protocol.type.Gid;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import baton.protocol.type.Uid;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Allocations without a script: started at once, later, never; and what their clients are owed. */
class AllocationTest {
  private static final int GRANT_PORT = 40_001;
  private static final int NOTICE_PORT = 40_002;

  private final Fixture cluster = Fixture.withNodes(2);

  @Test
  void startsWithItsSubmissionWhereNodesAreFree() {
    Reply reply = submit(2, false);
    Job job = assertInstanceOf(Reply.JobStarted.class, reply).job();
    assertEquals(JobState.RUNNING, job.state());
    assertEquals(2, job.allocation().get(0).nodes().size());
    assertEquals(List.of(), owed(job.id()));
  }

  @Test
  void waitsWhereNothingIsFreeAndIsOwedItsGrantLater() {
    Job first = started(2);
    JobId second = accepted(2);
    assertEquals(List.of(), owed(second));
    complete(first.id(), 0);
    epilogs(first.id());
    cluster.schedule();
    assertEquals(JobState.RUNNING, cluster.job(second).state());
    Effect grant = only(second);
    assertEquals(EffectKind.GRANT_ALLOCATION, grant.kind());
    assertEquals(GRANT_PORT, grant.port());
    assertEquals("10.0.0.1", grant.host());
    assertEquals(Uid.of(2001), grant.userId());
  }

  @Test
  void aPlaceThatWasTakenMeanwhileChangesNothing() {
    SubmitJob stale = StartNow.with(cluster.state(), command(2, false));
    started(2);
    long jobs = cluster.state().jobs().size();
    assertInstanceOf(Reply.Outrun.class, cluster.apply(stale).reply());
    assertEquals(jobs, cluster.state().jobs().size());
  }

  @Test
  void immediateIsRefusedAndRecorded() {
    started(2);
    Reply.JobFailed failed = assertInstanceOf(Reply.JobFailed.class, submit(2, true));
    assertEquals(SlurmError.ESLURM_NODES_BUSY, failed.error());
    Job job = cluster.job(failed.jobId());
    assertEquals(JobState.FAILED, job.state());
    assertEquals(JobReason.BAD_CONSTRAINTS, job.reason());
  }

  @Test
  void aWaitingJobOfHigherPriorityGoesFirst() {
    Job running = started(1);
    accepted(2);
    Reply.JobFailed failed = assertInstanceOf(Reply.JobFailed.class, submit(1, true));
    assertEquals(SlurmError.ESLURM_NOT_TOP_PRIORITY, failed.error());
    assertEquals(JobState.RUNNING, cluster.job(running.id()).state());
  }

  @Test
  void whoWaitsIsToldOfACancelOnBothPorts() {
    started(2);
    JobId waiting = accepted(2);
    cancel(waiting);
    assertEquals(
        List.of(GRANT_PORT, NOTICE_PORT), owed(waiting).stream().map(Effect::port).toList());
    assertTrue(
        owed(waiting).stream().allMatch(one -> one.kind() == EffectKind.CLIENT_JOB_COMPLETE));
  }

  @Test
  void whoRunsIsToldOnItsOwnPort() {
    JobId running = started(1).id();
    cancel(running);
    List<Effect> notices = owed(running).stream().filter(one -> one.kind().isToClient()).toList();
    assertEquals(1, notices.size());
    assertEquals(NOTICE_PORT, notices.get(0).port());
  }

  @Test
  void whoGivesUpWaitingCancelsItsJob() {
    started(2);
    JobId waiting = accepted(2);
    complete(waiting, NoVal.NO_VAL);
    assertEquals(JobState.CANCELLED, cluster.job(waiting).state());
  }

  @Test
  void aGrantThatNobodyTakesEndsTheJob() {
    JobId first = started(1).id();
    JobId late = accepted(2);
    cancel(first);
    epilogs(first);
    cluster.schedule();
    Effect grant = only(late);
    cluster.apply(ClientsTold.builder().time(cluster.now()).gone(List.of(grant.id())).build());
    Job job = cluster.job(late);
    assertEquals(JobState.FAILED, job.state());
    assertEquals(1 << 8, job.exitCode());
  }

  @Test
  void theNearEndIsToldOnce() {
    JobId id = started(1, 2).id();
    cluster.pass(59);
    cluster.apply(TimePassed.builder().time(cluster.now()).build());
    assertEquals(List.of(), owed(id));
    cluster.pass(1);
    cluster.apply(TimePassed.builder().time(cluster.now()).build());
    assertEquals(EffectKind.CLIENT_TIMEOUT, only(id).kind());
    assertEquals(cluster.job(id).endTime(), only(id).end());
    cluster.pass(1);
    cluster.apply(TimePassed.builder().time(cluster.now()).build());
    assertEquals(1, owed(id).size());
  }

  @Test
  void aWordForTheUserIsForTheOwnerToSend() {
    JobId id = started(1).id();
    NotifyJob word =
        NotifyJob.builder().time(cluster.now()).caller(Fixture.ALICE).jobId(id).text("hi").build();
    assertEquals(Reply.ACCEPTED, cluster.apply(word).reply());
    assertEquals("hi", only(id).text());
    Reply others =
        cluster
            .apply(
                word.toBuilder()
                    .caller(Fixture.ALICE.toBuilder().uid(Uid.of(2002)).build())
                    .build())
            .reply();
    assertEquals(Reply.rejected(SlurmError.ESLURM_USER_ID_MISSING), others);
    assertNull(cluster.job(id).stateDescription());
  }

  private Job started(int nodes) {
    return started(nodes, NoVal.INFINITE);
  }

  private Job started(int nodes, long minutes) {
    SubmitJob asked = command(nodes, false);
    SubmitJob limited =
        asked.toBuilder()
            .request(asked.request().toBuilder().timeLimitMinutes(minutes).build())
            .build();
    Reply reply = cluster.apply(StartNow.with(cluster.state(), limited)).reply();
    return assertInstanceOf(Reply.JobStarted.class, reply).job();
  }

  private JobId accepted(int nodes) {
    return assertInstanceOf(Reply.JobAccepted.class, submit(nodes, false)).jobId();
  }

  private Reply submit(int nodes, boolean immediate) {
    return cluster.apply(StartNow.with(cluster.state(), command(nodes, immediate))).reply();
  }

  private SubmitJob command(int nodes, boolean immediate) {
    JobRequest request =
        JobRequest.builder()
            .name("sh")
            .userId(Uid.of(2001))
            .groupId(Gid.of(2001))
            .workDir("/home/alice")
            .minNodes(nodes)
            .maxNodes(nodes)
            .minCpus(4L * nodes)
            .shareMode(0)
            .memoryMiB(NoVal.NO_VAL64)
            .responseHost("10.0.0.1")
            .responsePort(GRANT_PORT)
            .otherPort(NOTICE_PORT)
            .build();
    return SubmitJob.builder()
        .time(cluster.now())
        .caller(Fixture.ALICE)
        .request(request)
        .immediate(immediate)
        .build();
  }

  private void epilogs(JobId id) {
    for (NodeName node : cluster.job(id).completingNodes()) {
      cluster.apply(EpilogCompleted.builder().time(cluster.now()).jobId(id).node(node).build());
    }
  }

  private void cancel(JobId id) {
    cluster.apply(
        SignalJob.builder().time(cluster.now()).caller(Fixture.ALICE).jobId(id).signal(9).build());
  }

  private void complete(JobId id, long waitStatus) {
    cluster.apply(
        JobAllocationCompleted.builder()
            .time(cluster.now())
            .caller(Fixture.ALICE)
            .jobId(id)
            .waitStatus(waitStatus)
            .build());
  }

  private List<Effect> owed(JobId id) {
    return cluster.state().effectsByJob().get(id).orElse(List.of()).stream()
        .map(cluster.state().effects()::require)
        .toList();
  }

  private Effect only(JobId id) {
    List<Effect> owed = owed(id);
    assertEquals(1, owed.size());
    return owed.get(0);
  }
}

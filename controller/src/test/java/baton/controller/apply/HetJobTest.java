package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.command.ApplyPlan;
import baton.controller.command.BatchScriptCompleted;
import baton.controller.command.SignalJob;
import baton.controller.command.SubmitHetJob;
import baton.controller.command.SubmitJob;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.NodeName;
import baton.controller.scheduler.Budget;
import baton.controller.scheduler.Plan;
import baton.controller.scheduler.Scheduler;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Heterogeneous jobs: components that come, start, and go together. */
class HetJobTest {
  private final Fixture cluster = Fixture.withNodes(3);
  private long memoryMiB = 100;

  @Test
  void componentsAreNumberedFromTheirLeader() {
    JobId leader = submitted(2, 1);
    Job second = cluster.job(JobId.of(leader.value() + 1));
    assertEquals(leader, second.hetJobId());
    assertEquals(1, second.hetOffset());
    assertEquals(leader + "-" + second.id(), second.hetJobIds());
    assertTrue(second.request().batch());
  }

  @Test
  void oneThatIsRefusedRefusesAll() {
    memoryMiB = 5_000;
    Reply.Rejected refused = assertInstanceOf(Reply.Rejected.class, submit(1, 1));
    assertEquals(SlurmError.ESLURM_REQUESTED_NODE_CONFIG_UNAVAILABLE, refused.error());
    assertEquals(0, cluster.state().jobs().size());
  }

  @Test
  void componentsStartTogetherOnNodesOfTheirOwn() {
    JobId leader = submitted(1, 2);
    cluster.schedule();
    Job first = cluster.job(leader);
    Job second = cluster.job(JobId.of(leader.value() + 1));
    assertEquals(JobState.RUNNING, first.state());
    assertEquals(JobState.RUNNING, second.state());
    List<NodeName> nodes = new ArrayList<>();
    first.allocation().get(0).nodes().forEach(share -> nodes.add(share.node()));
    second.allocation().get(0).nodes().forEach(share -> nodes.add(share.node()));
    assertEquals(3, nodes.stream().distinct().count());
    long launches =
        cluster.state().effects().values().stream()
            .filter(effect -> effect.kind() == EffectKind.LAUNCH_BATCH)
            .count();
    assertEquals(1, launches);
  }

  @Test
  void whereNotAllFindRoomNoneStarts() {
    cluster.accepted(Fixture.batch().minNodes(2).maxNodes(2).minCpus(8));
    cluster.schedule();
    JobId leader = submitted(1, 1);
    cluster.schedule();
    assertEquals(JobState.PENDING, cluster.job(leader).state());
    assertEquals(JobState.PENDING, cluster.job(JobId.of(leader.value() + 1)).state());
  }

  @Test
  void aPlanWithoutAComponentStartsNone() {
    JobId leader = submitted(1, 1);
    Plan plan = Scheduler.plan(cluster.state(), cluster.now(), Budget.unlimited());
    assertEquals(2, plan.starts().size());
    cluster.apply(
        ApplyPlan.builder().time(cluster.now()).starts(plan.starts().subList(0, 1)).build());
    assertEquals(JobState.PENDING, cluster.job(leader).state());
  }

  @Test
  void theScriptsEndIsTheEndOfAll() {
    JobId leader = submitted(1, 1);
    cluster.schedule();
    cluster.apply(
        BatchScriptCompleted.builder()
            .time(cluster.now())
            .jobId(leader)
            .node(cluster.job(leader).batchHost())
            .waitStatus(4 << 8)
            .caller(Fixture.ROOT)
            .build());
    for (Job job : cluster.state().jobs().values()) {
      assertEquals(JobState.FAILED, job.state());
      assertEquals(4 << 8, job.exitCode());
    }
  }

  @Test
  void aWaitingJobIsCancelledAsAWhole() {
    JobId leader = submitted(1, 1);
    JobId second = JobId.of(leader.value() + 1);
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_NOT_WHOLE_HET_JOB), cluster.apply(kill(second)).reply());
    assertEquals(Reply.ACCEPTED, cluster.apply(kill(leader)).reply());
    assertEquals(JobState.CANCELLED, cluster.job(leader).state());
    assertEquals(JobState.CANCELLED, cluster.job(second).state());
  }

  private SignalJob kill(JobId id) {
    return SignalJob.builder()
        .time(cluster.now())
        .caller(Fixture.ALICE)
        .jobId(id)
        .signal(9)
        .build();
  }

  private JobId submitted(int... nodes) {
    return assertInstanceOf(Reply.JobAccepted.class, submit(nodes)).jobId();
  }

  private Reply submit(int... nodes) {
    List<SubmitJob> components = new ArrayList<>();
    for (int count : nodes) {
      JobRequest.Builder request = Fixture.batch().minNodes(count).maxNodes(count).minCpus(count);
      if (!components.isEmpty()) {
        request.batch(false).script(null).memoryMiB(memoryMiB);
      }
      components.add(
          SubmitJob.builder()
              .time(cluster.now())
              .caller(Fixture.ALICE)
              .request(request.build())
              .build());
    }
    return cluster
        .apply(SubmitHetJob.builder().time(cluster.now()).components(components).build())
        .reply();
  }
}

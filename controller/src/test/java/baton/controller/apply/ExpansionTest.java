package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import baton.controller.command.JobChanges;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.controller.model.Parameter;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs that grow by what another gives them. */
class ExpansionTest {
  private final Fixture cluster = Fixture.withNodes(3);

  @BeforeEach
  void permitted() {
    Parameter parameter =
        Parameter.builder().name("SchedulerParameters").value("permit_job_expansion").build();
    cluster.configure(config -> config.parameters(List.of(parameter)));
  }

  @Test
  void whatTheOtherHoldsBecomesItsOwn() {
    JobId first = running(Fixture.batch().minNodes(1).minCpus(1));
    JobId second = running(helper(first).minNodes(2).minCpus(2));
    long before = cpus(first) + cpus(second);
    assertEquals(Reply.ACCEPTED, none(second));
    assertEquals(before, cpus(first));
    assertEquals(List.of("n1", "n2"), nodes(first));
    Job given = cluster.job(second);
    assertEquals(JobState.COMPLETE, given.state());
    assertEquals(0, given.stateFlags());
    assertEquals(1, cluster.state().holdingsOn(NodeName.of("n2")).size());
    Effect abort =
        cluster.state().effects().values().stream()
            .filter(effect -> effect.jobId().equals(second))
            .findFirst()
            .orElseThrow();
    assertEquals(EffectKind.ABORT_JOB, abort.kind());
    StateAudit.check(cluster.state());
    cluster.end(first, 0);
    StateAudit.check(cluster.state());
    assertEquals(Reply.rejected(SlurmError.ESLURM_JOB_FINISHED), none(second));
  }

  @Test
  void lastsAsLongAsTheJobThatItExpands() {
    JobId first = running(Fixture.batch().timeLimitMinutes(60));
    cluster.pass(150);
    JobId second = cluster.accepted(helper(first).timeLimitMinutes(5));
    assertEquals(57, cluster.job(second).timeLimitMinutes());
    assertNull(cluster.job(second).request().dependency());
    assertEquals(first, cluster.job(second).expands());
  }

  @Test
  void onlyAJobThatRunsInTheSamePartitionCanBeExpandedAndOnlyWherePermitted() {
    JobId first = running(Fixture.batch());
    JobId waiting = cluster.accepted(Fixture.batch().priorityAsked(0));
    for (String wrong :
        List.of("expand:" + waiting, "expand:99", "expand:" + first + ":" + first)) {
      assertEquals(
          Reply.rejected(SlurmError.ESLURM_DEPENDENCY),
          cluster.submit(Fixture.batch().dependency(wrong).build()),
          wrong);
    }
    cluster.configure(config -> config.parameters(List.of()));
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_NOT_SUPPORTED), cluster.submit(helper(first).build()));
  }

  @Test
  void keepsItsSizeUntilItGivesAllAway() {
    JobId first = running(Fixture.batch().minNodes(1).minCpus(1));
    JobId second = running(helper(first).minNodes(2).minCpus(2));
    for (long wrong : List.of(1L, 2L, 3L)) {
      assertEquals(
          Reply.rejected(SlurmError.ESLURM_INVALID_NODE_COUNT),
          cluster.update(second, JobChanges.builder().minNodes(wrong)));
    }
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_INVALID_NODE_NAME),
        cluster.update(second, JobChanges.builder().requiredNodes("n1")));
    assertEquals(Reply.rejected(SlurmError.ESLURM_INVALID_NODE_COUNT), none(first));
  }

  @Test
  void nothingIsGivenToAJobThatHasEndedNorFromOneWithAScript() {
    JobId first = running(Fixture.batch());
    JobId script = running(Fixture.batch().dependency("expand:" + first));
    JobId second = running(helper(first));
    assertEquals(Reply.rejected(SlurmError.ESLURMD_STEP_EXISTS), none(script));
    cluster.end(first, 0);
    assertEquals(Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID), none(second));
    assertEquals(JobState.RUNNING, cluster.job(second).state());
    StateAudit.check(cluster.state());
  }

  private static JobRequest.Builder helper(JobId expanded) {
    return Fixture.batch().batch(false).dependency("expand:" + expanded);
  }

  private JobId running(JobRequest.Builder request) {
    JobId id = cluster.accepted(request);
    cluster.schedule();
    assertEquals(JobState.RUNNING, cluster.job(id).state());
    return id;
  }

  private Reply none(JobId id) {
    return cluster.update(id, JobChanges.builder().minNodes(0));
  }

  private long cpus(JobId id) {
    return cluster.job(id).allocation().get(0).nodes().stream()
        .mapToLong(NodeAllocation::cpuCount)
        .sum();
  }

  private List<String> nodes(JobId id) {
    return cluster.job(id).allocation().get(0).nodes().stream()
        .map(share -> share.node().value())
        .toList();
  }
}

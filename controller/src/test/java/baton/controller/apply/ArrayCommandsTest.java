package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.command.BatchScriptCompleted;
import baton.controller.command.EpilogCompleted;
import baton.controller.command.JobChanges;
import baton.controller.command.RequeueJob;
import baton.controller.command.SignalJob;
import baton.controller.command.TimePassed;
import baton.controller.command.UpdateJob;
import baton.controller.lifecycle.JobArrays;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobState;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import baton.protocol.type.Uid;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Commands about arrays and their tasks, as slurmctld 22.05 answers them. Nodes have 4 cores. */
final class ArrayCommandsTest {
  private final Fixture cluster = Fixture.withNodes(1);

  @Test
  void theRecordKeepsTheArraysIdAndIsTheLastTask() {
    JobId array = submit("0-2");
    cluster.schedule();
    assertEquals(2, cluster.job(array).arrayTaskId());
    assertEquals(
        List.of(id(array, 1), id(array, 2), array), cluster.state().arrays().tasksOf(array));
    assertEquals(3, cluster.state().arrays().running(array));
    assertEquals(3, cluster.state().jobCount());
    assertEquals(id(array, 2), JobArrays.place(cluster.job(array)));
    assertEquals(array, JobArrays.place(cluster.job(id(array, 1))));
  }

  @Test
  void tasksBeyondTheLimitWaitForIt() {
    JobId array = submit("0-9%2");
    cluster.schedule();
    assertEquals(2, cluster.state().arrays().running(array));
    cluster.schedule();
    assertEquals(JobReason.ARRAY_TASK_LIMIT, cluster.job(array).reason());
    assertEquals(10, cluster.state().jobCount());
    update(array, null, JobChanges.builder().arrayThrottle(3).build());
    cluster.schedule();
    assertEquals(3, cluster.state().arrays().running(array));
    Reply refused = update(array, null, JobChanges.builder().arrayThrottle(NoVal.INFINITE).build());
    Reply.ByTask outcomes = (Reply.ByTask) refused;
    assertEquals(
        new Reply.TaskOutcome(array + "_3-9", SlurmError.ESLURM_BAD_TASK_COUNT),
        outcomes.outcomes().get(outcomes.outcomes().size() - 1));
  }

  @Test
  void outcomesAreToldByTask() {
    JobId array = submit("0-5");
    Reply reply = update(array, "[4,5,9,11]", JobChanges.builder().comment("x").build());
    assertEquals(
        new Reply.ByTask(
            List.of(
                new Reply.TaskOutcome(array + "_4-5", null),
                new Reply.TaskOutcome(array + "_9,11", SlurmError.ESLURM_INVALID_JOB_ID))),
        reply);
    assertEquals("0-3", JobArrays.text(cluster.job(array).arrayPendingTasks().toBitSet(), 32));
    assertEquals("x", cluster.job(id(array, 1)).request().comment());
    assertEquals(4, cluster.job(id(array, 1)).arrayTaskId());
  }

  @Test
  void aNumberMeansTheWholeArrayOnlyWhereAClientSaysSo() {
    JobId array = submit("0-2");
    cluster.schedule();
    cluster.apply(
        RequeueJob.builder()
            .time(cluster.now())
            .caller(Fixture.ROOT)
            .jobId(array)
            .alone(true)
            .build());
    assertEquals(JobState.PENDING, cluster.job(array).state());
    assertEquals(JobState.RUNNING, cluster.job(id(array, 1)).state());
    cluster.apply(
        SignalJob.builder().time(cluster.now()).caller(Fixture.ALICE).jobId(array).build());
    assertEquals(JobState.CANCELLED, cluster.job(id(array, 1)).state());
  }

  @Test
  void aSignalReachesTasksThatRunWhileOthersWait() {
    JobId array = submit("0-9%2");
    cluster.schedule();
    assertEquals(Reply.ACCEPTED, signal(array, "1"));
    assertEquals(
        new Reply.Accepted(SlurmError.ESLURM_TRANSITION_STATE_NO_UPDATE), signal(array, "1,5"));
  }

  @Test
  void theFirstRecordStaysUntilTheOthersAreForgottenAndRemembersThem() {
    JobId array = submit("0-2");
    cluster.schedule();
    complete(array, 0);
    complete(id(array, 1), 256);
    complete(id(array, 2), 0);
    cluster.pass(1000);
    pass();
    Job first = cluster.job(array);
    assertEquals(1, cluster.state().jobs().size());
    assertEquals(2, first.arrayForgottenTasks());
    assertEquals(0, first.arrayLowestExit());
    assertEquals(256, first.arrayHighestExit());
    pass();
    assertTrue(cluster.state().jobs().isEmpty());
    assertTrue(cluster.state().arrays().tasks().isEmpty());
  }

  @Test
  void aThousandTasksAreOneJobUntilTheyStart() {
    JobId array = submit("0-999");
    assertEquals(1, cluster.state().jobs().size());
    assertEquals(1000, cluster.state().jobCount());
    cluster.schedule();
    assertEquals(5, cluster.state().jobs().size());
    assertEquals(1000, cluster.state().jobCount());
    assertFalse(JobArrays.isTask(cluster.job(array)));
  }

  private JobId submit(String tasks) {
    return cluster.accepted(Fixture.batch().arrayIndexes(tasks).timeLimitMinutes(10).minCpus(1));
  }

  private static JobId id(JobId array, long more) {
    return JobId.of(array.value() + more);
  }

  private Reply update(JobId array, String tasks, JobChanges changes) {
    return cluster
        .apply(
            UpdateJob.builder()
                .time(cluster.now())
                .caller(Fixture.ALICE)
                .jobId(array)
                .arrayTasks(tasks)
                .changes(changes)
                .build())
        .reply();
  }

  private Reply signal(JobId array, String tasks) {
    return cluster
        .apply(
            SignalJob.builder()
                .time(cluster.now())
                .caller(Fixture.ALICE)
                .jobId(array)
                .arrayTasks(tasks)
                .signal(10)
                .build())
        .reply();
  }

  private void complete(JobId id, long status) {
    Job job = cluster.job(id);
    cluster.apply(
        BatchScriptCompleted.builder()
            .time(cluster.now())
            .caller(Fixture.ROOT)
            .jobId(id)
            .node(job.batchHost())
            .userId(Uid.of(2001))
            .waitStatus(status)
            .build());
    cluster.apply(
        EpilogCompleted.builder().time(cluster.now()).jobId(id).node(job.batchHost()).build());
  }

  private void pass() {
    cluster.apply(TimePassed.builder().time(cluster.now()).build());
  }
}

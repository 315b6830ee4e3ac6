package baton.controller.apply;

import static baton.controller.apply.Fixture.ALICE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.command.CronStart;
import baton.controller.command.CronStarts;
import baton.controller.command.SignalJob;
import baton.controller.command.SubmitJob;
import baton.controller.command.UpdateCrontab;
import baton.controller.command.UpdateJob;
import baton.controller.model.CronSchedule;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.LineRange;
import baton.controller.model.PartitionName;
import baton.controller.model.RequestFlag;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A user's crontab, and what becomes of its jobs. */
class CrontabTest {
  private static final int ALL_STARS = 0b111110;

  private final Fixture fixture = Fixture.withNodes(1);

  private SubmitJob line(int number, JobRequest.Builder request) {
    JobRequest job =
        request
            .cron(
                List.of(
                    CronSchedule.builder()
                        .stars(ALL_STARS)
                        .lineStart(number)
                        .lineEnd(number + 1)
                        .build()))
            .cronSpecification("* * * * *")
            .bitFlags(RequestFlag.CRON_JOB)
            .requeue(true)
            .beginTime(fixture.now().plusSeconds(60))
            .build();
    return SubmitJob.builder().time(fixture.now()).caller(ALICE).request(job).build();
  }

  private Reply update(String text, SubmitJob... lines) {
    return fixture
        .apply(
            UpdateCrontab.builder()
                .time(fixture.now())
                .caller(ALICE)
                .userId(ALICE.uid())
                .text(text)
                .entries(List.of(lines))
                .build())
        .reply();
  }

  private Job accepted(String text, SubmitJob line) {
    Reply.CrontabAccepted reply = assertInstanceOf(Reply.CrontabAccepted.class, update(text, line));
    assertEquals(1, reply.jobs().size());
    return fixture.job(reply.jobs().get(0));
  }

  private void cancel(JobId id) {
    fixture.apply(
        SignalJob.builder().time(fixture.now()).caller(ALICE).jobId(id).signal(9).build());
  }

  @Test
  void aNewTableReplacesTheJobsOfTheOld() {
    Job first = accepted("one", line(0, Fixture.batch()));
    Job second = accepted("two", line(0, Fixture.batch()));
    assertEquals(JobState.CANCELLED, fixture.job(first.id()).state());
    assertEquals(JobState.PENDING, fixture.job(second.id()).state());
    assertEquals("two", fixture.state().crontabs().require(ALICE.uid()).text());
    assertInstanceOf(Reply.CrontabAccepted.class, update(null));
    assertEquals(JobState.CANCELLED, fixture.job(second.id()).state());
    assertTrue(fixture.state().crontabs().get(ALICE.uid()).isEmpty());
  }

  @Test
  void aTableWithOneBadLineChangesNothing() {
    Job first = accepted("one", line(0, Fixture.batch()));
    SubmitJob good = line(0, Fixture.batch());
    SubmitJob bad = line(4, Fixture.batch().partitions(List.of(PartitionName.of("nowhere"))));
    Reply.CrontabRejected refused =
        assertInstanceOf(Reply.CrontabRejected.class, update("two", good, bad));
    assertEquals(bad, refused.entry());
    assertEquals(SlurmError.ESLURM_INVALID_PARTITION_NAME, refused.error());
    assertEquals(JobState.PENDING, fixture.job(first.id()).state());
    assertEquals(1, fixture.state().jobs().size());
    assertEquals("one", fixture.state().crontabs().require(ALICE.uid()).text());
  }

  @Test
  void aCancelledJobDisablesItsLine() {
    Job job = accepted("one", line(3, Fixture.batch()));
    cancel(job.id());
    assertEquals(JobState.CANCELLED, fixture.job(job.id()).state());
    assertEquals(
        List.of(LineRange.builder().first(3).last(4).build()),
        fixture.state().crontabs().require(ALICE.uid()).disabledLines());
    assertEquals(0, fixture.job(job.id()).request().bitFlags() & RequestFlag.CRON_JOB);
  }

  @Test
  void anUpdateIsRefused() {
    Job job = accepted("one", line(0, Fixture.batch()));
    Reply reply =
        fixture
            .apply(UpdateJob.builder().time(fixture.now()).caller(ALICE).jobId(job.id()).build())
            .reply();
    assertEquals(Reply.rejected(SlurmError.ESLURM_CANNOT_MODIFY_CRON_JOB), reply);
  }

  @Test
  void onlyTheWaitedForRunIsGivenATime() {
    Job job = accepted("one", line(0, Fixture.batch()));
    assertFalse(job.cronDue());
    CronStart stray =
        CronStart.builder().jobId(job.id()).begin(fixture.now().plusSeconds(5)).build();
    fixture.apply(CronStarts.builder().time(fixture.now()).starts(List.of(stray)).build());
    assertEquals(fixture.now().plusSeconds(60), fixture.job(job.id()).request().beginTime());
  }

  @Test
  void aPlainSubmissionCannotCallItselfOne() {
    JobId id = fixture.accepted(Fixture.batch().bitFlags(RequestFlag.CRON_JOB).memoryMiB(1));
    assertEquals(0, fixture.job(id).request().bitFlags() & RequestFlag.CRON_JOB);
  }
}

package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.command.BatchLaunchAnswered;
import baton.controller.command.Caller;
import baton.controller.command.JobChanges;
import baton.controller.command.ScriptEnded;
import baton.controller.command.SuspendJob;
import baton.controller.command.TimePassed;
import baton.controller.command.TopJobs;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobFlag;
import baton.controller.model.JobReason;
import baton.controller.model.JobState;
import baton.controller.model.Parameter;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import baton.protocol.type.Longs;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What may happen to a job between its start and its end. */
class JobLifeTest {
  private final Fixture cluster = Fixture.withNodes(1);

  @Test
  void aSuspendedJobGivesItsCoresAndKeepsItsTime() {
    JobId id = running(Fixture.batch().minCpus(4).timeLimitMinutes(10));
    cluster.pass(100);
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_ACCESS_DENIED), suspend(Fixture.ALICE, id, false));
    assertEquals(Reply.ACCEPTED, suspend(Fixture.ROOT, id, false));
    Job stopped = cluster.job(id);
    assertEquals(JobState.SUSPENDED, stopped.state());
    assertEquals(0, stopped.priority());
    assertEquals(100, stopped.beforeSuspendSeconds());
    assertEquals(List.of(EffectKind.SUSPEND_JOB), owed());
    JobId other = running(Fixture.batch().minCpus(4));
    assertEquals(JobState.RUNNING, cluster.job(other).state(), "on the cores that were given");
    cluster.pass(50);
    cluster.end(other, 0);
    assertEquals(Reply.ACCEPTED, suspend(Fixture.ROOT, id, true));
    Job again = cluster.job(id);
    assertEquals(JobState.RUNNING, again.state());
    assertEquals(cluster.now().plusSeconds(500), again.endTime());
    assertTrue(again.priority() > 0);
    assertEquals(List.of(EffectKind.RESUME_JOB), owed(), "the first word is void");
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_JOB_NOT_SUSPENDED), suspend(Fixture.ROOT, id, true));
    cluster.pass(10);
    suspend(Fixture.ROOT, id, false);
    assertEquals(110, cluster.job(id).beforeSuspendSeconds());
    StateAudit.check(cluster.state());
  }

  @Test
  void onlyARunningJobIsSuspended() {
    JobId held = cluster.accepted(Fixture.batch().priorityAsked(0));
    assertEquals(Reply.rejected(SlurmError.ESLURM_JOB_PENDING), suspend(Fixture.ROOT, held, false));
    JobId ended = running(Fixture.batch());
    cluster.end(ended, 0);
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_ALREADY_DONE), suspend(Fixture.ROOT, ended, false));
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID),
        suspend(Fixture.ROOT, JobId.of(99), false));
  }

  @Test
  void exitCodesMayAskForAnotherRun() {
    cluster.configure(config -> config.requeueExit(Longs.of(3)).requeueExitHold(Longs.of(4, 5)));
    JobId again = running(Fixture.batch());
    cluster.end(again, 3 << 8);
    assertEquals(JobState.PENDING, cluster.job(again).state());
    assertEquals(1, cluster.job(again).restartCount());
    assertTrue(cluster.job(again).priority() > 0);
    JobId held = running(Fixture.batch());
    cluster.end(held, 5 << 8);
    Job special = cluster.job(held);
    assertEquals(JobState.PENDING, special.state());
    assertEquals(JobFlag.SPECIAL_EXIT, special.stateFlags() & JobFlag.SPECIAL_EXIT);
    assertEquals(JobReason.HELD_BY_USER, special.reason());
    assertEquals(0, special.priority());
    JobId plain = running(Fixture.batch());
    cluster.end(plain, 6 << 8);
    assertEquals(JobState.FAILED, cluster.job(plain).state());
  }

  @Test
  void theTopOfTheQueueIsPaidForByOnesOtherJobs() {
    JobId first = cluster.accepted(Fixture.batch());
    JobId second = cluster.accepted(Fixture.batch());
    JobId third = cluster.accepted(Fixture.batch());
    long highest = cluster.job(first).priority();
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_ACCESS_DENIED), top(Fixture.ALICE, third.toString()));
    Parameter allowed =
        Parameter.builder().name("SchedulerParameters").value("enable_user_top").build();
    cluster.configure(config -> config.parameters(List.of(allowed)));
    assertEquals(Reply.ACCEPTED, top(Fixture.ALICE, third.toString()));
    assertEquals(highest, cluster.job(third).priority());
    assertEquals(0x80000000L - 2, cluster.job(third).request().nice());
    assertEquals(highest - 1, cluster.job(first).priority());
    assertEquals(highest - 2, cluster.job(second).priority());
    assertEquals(Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID), top(Fixture.ALICE, "77"));
  }

  @Test
  void mailIsOwedWithWhatItTellsOf() {
    JobId id = running(Fixture.batch().mailType(0xff).timeLimitMinutes(10).userName("alice"));
    assertEquals(
        List.of("-s", "Slurm Job_id=1 Name=job Began, Queued time 00:00:00", "alice"), mail(0));
    cluster.pass(300);
    cluster.apply(TimePassed.builder().time(cluster.now()).build());
    assertEquals(
        "Slurm Job_id=1 Name=job Reached 50% of time limit, Run time 00:05:00", mail(1).get(1));
    assertEquals(false, Mail.isDue(cluster.job(id), cluster.now()), "once");
    cluster.end(id, 7 << 8);
    assertEquals(
        "Slurm Job_id=1 Name=job Failed, Run time 00:05:00, FAILED, ExitCode 7", mail(2).get(1));
    Effect last = cluster.state().effects().values().stream().toList().get(2);
    assertTrue(last.environment().contains("SLURM_JOB_EXIT_CODE2=7:0"));
    assertTrue(last.environment().contains("SLURM_JOB_STATE=FAILED"));
    scriptEnded(last, false);
    assertEquals(2, cluster.state().effects().size());
  }

  @Test
  void anArrayIsToldOfAsAWhole() {
    JobId array = cluster.accepted(Fixture.batch().mailType(0x7).arrayIndexes("0-1"));
    cluster.schedule();
    assertEquals("Slurm Array Summary Job_id=1_* (1) Name=job Began", mail(0).get(1));
    cluster.end(cluster.state().arrays().task(array, 0).orElseThrow(), 0);
    assertEquals(1, mails());
    cluster.end(cluster.state().arrays().task(array, 1).orElseThrow(), 7 << 8);
    assertEquals(
        "Slurm Array Summary Job_id=1_* (1) Name=job Failed, Mixed, ExitCode [0-7]",
        mail(1).get(1));
    JobId each = cluster.accepted(Fixture.batch().mailType(0x201).arrayIndexes("0-1"));
    cluster.schedule();
    assertEquals(4, mails(), "each start of " + each);
  }

  private long mails() {
    return cluster.state().effects().values().stream()
        .filter(effect -> effect.kind() == EffectKind.SEND_MAIL)
        .count();
  }

  @Test
  void nothingIsLaunchedBeforeTheControllersPrologHasEndedWell() {
    parameters("PrologSlurmctld", "EpilogSlurmctld");
    JobId id = cluster.accepted(Fixture.batch());
    cluster.schedule();
    assertTrue(JobLifecycle.isConfiguring(cluster.job(id)));
    Effect prolog = only(EffectKind.RUN_PROLOG);
    assertTrue(prolog.environment().contains("SLURM_JOB_NODELIST=n1"));
    assertTrue(prolog.environment().contains("SLURM_SCRIPT_CONTEXT=prolog_slurmctld"));
    scriptEnded(prolog, false);
    assertEquals(List.of(EffectKind.LAUNCH_BATCH), owed());
    cluster.end(id, 0);
    assertTrue(JobLifecycle.isCompleting(cluster.job(id)), "its epilog still runs");
    assertTrue(cluster.state().holdingsOn(cluster.job(id).batchHost()).isEmpty());
    scriptEnded(only(EffectKind.RUN_EPILOG), true);
    assertTrue(JobLifecycle.isCompleted(cluster.job(id)));
  }

  @Test
  void aFailingPrologOfTheControllerQueuesTheJobAgainOrEndsIt() {
    parameters("PrologSlurmctld");
    JobId again = cluster.accepted(Fixture.batch());
    cluster.schedule();
    scriptEnded(only(EffectKind.RUN_PROLOG), true);
    assertEquals(JobState.PENDING, cluster.job(again).state());
    assertEquals(1, cluster.job(again).restartCount());
    JobId never = cluster.accepted(Fixture.batch().requeue(false));
    cluster.schedule();
    scriptEnded(only(EffectKind.RUN_PROLOG), true);
    assertEquals(JobState.CANCELLED, cluster.job(never).state());
  }

  @Test
  void aRunningJobKeepsWhatItStartedWith() {
    JobId id = running(Fixture.batch().workDir("/home/alice").licenses(null));
    SlurmError started = SlurmError.ESLURM_JOB_NOT_PENDING;
    refused(started, id, JobChanges.builder().account("physics"));
    refused(started, id, JobChanges.builder().workDir("/tmp"));
    refused(started, id, JobChanges.builder().standardOutput("other"));
    refused(started, id, JobChanges.builder().wckey("key"));
    refused(started, id, JobChanges.builder().features("fast"));
    refused(started, id, JobChanges.builder().memoryMiB(5));
    refused(started, id, JobChanges.builder().dependency("afterok:7"));
    refused(started, id, JobChanges.builder().excludedNodes("n1"));
    refused(started, id, JobChanges.builder().tresPerNode("gpu:1"));
    refused(started, id, JobChanges.builder().minCpus(2));
    refused(SlurmError.ESLURM_INVALID_LICENSES, id, JobChanges.builder().licenses("matlab"));
    refused(SlurmError.ESLURM_RESERVATION_INVALID, id, JobChanges.builder().reservation("r"));
    refused(SlurmError.ESLURM_ACCESS_DENIED, id, JobChanges.builder().siteFactor(0x80000001L));
    refused(SlurmError.ESLURM_ACCESS_DENIED, id, JobChanges.builder().reboot(1));
    JobChanges.Builder allowed =
        JobChanges.builder()
            .workDir("/home/alice")
            .licenses("")
            .name("renamed")
            .comment("hello")
            .mailUser("bob")
            .requeue(0)
            .delayBootSeconds(7);
    assertEquals(Reply.ACCEPTED, cluster.update(id, allowed));
    assertEquals("renamed", cluster.job(id).request().name());
    assertEquals(7, cluster.job(id).request().delayBootSeconds());
  }

  private void refused(SlurmError error, JobId id, JobChanges.Builder changes) {
    Job before = cluster.job(id);
    assertEquals(Reply.rejected(error), cluster.update(id, changes));
    assertEquals(before, cluster.job(id));
  }

  private void parameters(String... names) {
    cluster.configure(
        config ->
            config.parameters(
                Stream.of(names)
                    .map(name -> Parameter.builder().name(name).value("/site/script").build())
                    .toList()));
  }

  private List<String> mail(int number) {
    return cluster.state().effects().values().stream()
        .filter(effect -> effect.kind() == EffectKind.SEND_MAIL)
        .toList()
        .get(number)
        .arguments();
  }

  private Effect only(EffectKind kind) {
    List<Effect> found =
        cluster.state().effects().values().stream()
            .filter(effect -> effect.kind() == kind)
            .toList();
    assertEquals(1, found.size());
    return found.get(0);
  }

  private void scriptEnded(Effect effect, boolean failed) {
    cluster.apply(
        ScriptEnded.builder().time(cluster.now()).effectId(effect.id()).failed(failed).build());
  }

  private JobId running(baton.controller.model.JobRequest.Builder request) {
    JobId id = cluster.accepted(request);
    cluster.schedule();
    Effect launch =
        cluster.state().effects().values().stream()
            .filter(effect -> effect.jobId().equals(id))
            .findFirst()
            .orElseThrow();
    cluster.apply(
        BatchLaunchAnswered.builder()
            .time(cluster.now())
            .effectId(launch.id())
            .jobId(id)
            .node(cluster.job(id).batchHost())
            .build());
    return id;
  }

  private Reply suspend(Caller caller, JobId id, boolean resume) {
    SuspendJob command =
        SuspendJob.builder().time(cluster.now()).caller(caller).jobId(id).resume(resume).build();
    return cluster.apply(command).reply();
  }

  private Reply top(Caller caller, String job) {
    return cluster
        .apply(TopJobs.builder().time(cluster.now()).caller(caller).jobs(List.of(job)).build())
        .reply();
  }

  private List<EffectKind> owed() {
    return cluster.state().effects().values().stream().map(Effect::kind).toList();
  }
}

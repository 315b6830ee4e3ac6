package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import baton.controller.command.JobChanges;
import baton.controller.command.TimePassed;
import baton.controller.command.UpdateJob;
import baton.controller.model.DependencyExpression;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.LaunchState;
import baton.controller.model.Parameter;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** Jobs that wait for others. Texts and errors are those that slurmctld 22.05.8 gives. */
class DependencyTest {
  private final Fixture cluster = Fixture.withNodes(2);

  @Test
  void readsEveryFormAndShowsItAsSlurmDoes() {
    assertText("afterok:12(unfulfilled)", "afterok:12");
    assertText("afterok:12(unfulfilled),afterok:13(unfulfilled)", "AfterOK:12:13");
    assertText("afterany:12(unfulfilled),afterany:13_4(unfulfilled)", "12,13_4");
    assertText("after:1+5(unfulfilled),after:2+5(unfulfilled)", "after:1+5:2");
    assertText("afternotok:7_*(unfulfilled)?singleton(unfulfilled)", "afternotok:7_*?singleton");
    assertText("aftercorr:7_1(unfulfilled),aftercorr:7_3(unfulfilled)", "aftercorr:7_[1,3]");
    assertText("afterany:5(failed),singleton(unfulfilled)", "afterany:5(failed),singleton");
    assertText("afterok:3(unfulfilled)", "afterok:3,afterok:3+2");
    assertText(null, "0");
    for (String wrong :
        List.of(
            "after",
            "afterok",
            "afterok:",
            "afterok:x",
            "after:1+0",
            "later:3",
            "5,afterok:6",
            "singletons",
            "afterok:3(failed",
            "afterok:3_[2-",
            "12?13",
            "afterok:99999999999")) {
      assertNull(DependencyExpression.parse(wrong), wrong);
    }
  }

  @Property(tries = 200)
  void whateverIsReadIsReadAgainToTheSame(
      @ForAll
          @StringLength(max = 40)
          @CharRange(from = '0', to = '9')
          @Chars({'_', '*', '[', ']', '-', '+', ':', ',', '?', '(', ')', 'a'})
          String tail) {
    DependencyExpression once = DependencyExpression.parse("afterok:1" + tail);
    if (once != null) {
      assertEquals(once, DependencyExpression.parse(once.text()));
    }
  }

  @Test
  void aJobThatIsNotKnownHoldsNobodyUp() {
    Job job = cluster.job(cluster.accepted(Fixture.batch().dependency("afterok:4711")));
    assertNull(job.request().dependency());
    assertEquals(cluster.now(), job.eligibleTime());
  }

  @Test
  void oneOfSeveralIsEnoughOnlyBehindAQuestionMark() {
    JobId first = cluster.accepted(Fixture.batch());
    JobId second = cluster.accepted(Fixture.batch());
    String both = "afterok:" + first.value() + ",afterok:" + second.value();
    JobId all = cluster.accepted(Fixture.batch().dependency(both));
    JobId any = cluster.accepted(Fixture.batch().dependency(both.replace(',', '?')));
    JobId bad = cluster.accepted(Fixture.batch().dependency("afternotok:" + first.value()));
    cluster.schedule();
    end(first, 0);
    assertEquals("afterok:2(unfulfilled)", cluster.job(all).request().dependency());
    assertNull(cluster.job(any).request().dependency());
    assertEquals(JobReason.NONE, cluster.job(any).reason());
    assertEquals("afternotok:1(failed)", cluster.job(bad).request().dependency());
    assertEquals(JobReason.DEPENDENCY_NEVER_SATISFIED, cluster.job(bad).reason());
    end(second, 256);
    assertEquals(JobReason.DEPENDENCY_NEVER_SATISFIED, cluster.job(all).reason());
    StateAudit.check(cluster.state());
  }

  @Test
  void aHopelessJobIsKilledWhereThatIsAskedFor() {
    JobId first = cluster.accepted(Fixture.batch());
    String text = "afterok:" + first.value();
    JobId kept = cluster.accepted(Fixture.batch().dependency(text));
    JobId killed = cluster.accepted(Fixture.batch().dependency(text).bitFlags(1));
    JobId next = cluster.accepted(Fixture.batch().dependency("afterany:" + killed.value()));
    cluster.schedule();
    end(first, 256);
    assertEquals(JobState.PENDING, cluster.job(kept).state());
    assertEquals(JobState.CANCELLED, cluster.job(killed).state());
    assertEquals(JobReason.DEPENDENCY_NEVER_SATISFIED, cluster.job(killed).reason());
    assertNull(cluster.job(next).request().dependency(), "the end of the killed job counts");
    settings("DependencyParameters", "kill_invalid_depend");
    JobId later = cluster.accepted(Fixture.batch().dependency(text));
    JobId stays = cluster.accepted(Fixture.batch().dependency(text).bitFlags(2));
    assertEquals(JobState.CANCELLED, cluster.job(later).state());
    assertEquals(JobState.PENDING, cluster.job(stays).state());
  }

  @Test
  void someMinutesAfterAStartCountFromIt() {
    JobId first = cluster.accepted(Fixture.batch());
    JobId later = cluster.accepted(Fixture.batch().dependency("after:" + first.value() + "+2"));
    cluster.schedule();
    assertEquals(JobReason.DEPENDENCY, cluster.job(later).reason());
    cluster.pass(119);
    assertEquals(false, Deadlines.isDependencyDue(cluster.state(), cluster.now()));
    cluster.pass(1);
    assertEquals(true, Deadlines.isDependencyDue(cluster.state(), cluster.now()));
    cluster.apply(TimePassed.builder().time(cluster.now()).build());
    assertNull(cluster.job(later).request().dependency());
  }

  @Test
  void namesakesRunOneByOne() {
    JobRequest.Builder mine = Fixture.batch().name("solo").dependency("singleton");
    JobId first = cluster.accepted(mine);
    JobId second = cluster.accepted(mine);
    JobId other = cluster.accepted(mine.name("duo"));
    cluster.schedule();
    assertEquals(JobState.RUNNING, cluster.job(first).state());
    assertEquals("singleton(unfulfilled)", cluster.job(second).request().dependency());
    assertEquals(JobState.RUNNING, cluster.job(other).state());
    end(first, 256);
    cluster.schedule();
    assertEquals(JobState.RUNNING, cluster.job(second).state());
  }

  @Test
  void aTaskWaitsForItsLikeAlone() {
    JobId first = cluster.accepted(Fixture.batch().arrayIndexes("0-2"));
    JobId second =
        cluster.accepted(Fixture.batch().arrayIndexes("0-3").dependency("aftercorr:" + first));
    assertEquals(
        "aftercorr:" + first + "_*(unfulfilled)", cluster.job(second).request().dependency());
    cluster.schedule();
    end(task(first, 1), 0);
    Job like = cluster.job(task(second, 1));
    assertNull(like.request().dependency());
    end(task(first, 0), 256);
    assertEquals(JobReason.DEPENDENCY_NEVER_SATISFIED, cluster.job(task(second, 0)).reason());
    assertEquals(JobReason.DEPENDENCY, cluster.job(second).reason(), "2 and 3 still wait");
    StateAudit.check(cluster.state());
    cluster.schedule();
    assertEquals(JobState.RUNNING, cluster.job(task(second, 1)).state());
    end(task(first, 2), 0);
    assertNull(cluster.job(task(second, 2)).request().dependency());
    JobId any = cluster.accepted(Fixture.batch().dependency("afterany:" + first));
    JobId all = cluster.accepted(Fixture.batch().dependency("afterok:" + first));
    JobId one = cluster.accepted(Fixture.batch().dependency("afterok:" + first + "_1"));
    assertNull(cluster.job(any).request().dependency());
    assertEquals("afterok:" + first + "_*(failed)", cluster.job(all).request().dependency());
    assertNull(cluster.job(one).request().dependency());
    StateAudit.check(cluster.state());
  }

  private JobId task(JobId array, long task) {
    return cluster.state().arrays().task(array, task).orElseThrow();
  }

  @Test
  void circlesAndOneselfAreRefused() {
    JobId first = cluster.accepted(Fixture.batch().priorityAsked(0));
    JobId second = cluster.accepted(Fixture.batch().dependency("afterok:" + first.value()));
    JobId third = cluster.accepted(Fixture.batch().dependency("afterok:" + second.value()));
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_CIRCULAR_DEPENDENCY), update(first, "after:" + third));
    assertEquals(Reply.rejected(SlurmError.ESLURM_DEPENDENCY), update(first, "after:" + first));
    assertEquals(Reply.rejected(SlurmError.ESLURM_NOT_SUPPORTED), update(first, "expand:" + third));
    assertEquals(Reply.ACCEPTED, update(third, ""));
    assertNull(cluster.job(third).request().dependency());
    assertEquals(JobReason.NONE, cluster.job(third).reason());
    assertEquals(Reply.ACCEPTED, update(first, "after:" + third));
    StateAudit.check(cluster.state());
  }

  private static void assertText(String shown, String asked) {
    assertEquals(shown, DependencyExpression.parse(asked).text(), asked);
  }

  private Reply update(JobId id, String dependency) {
    UpdateJob command =
        UpdateJob.builder()
            .time(cluster.now())
            .caller(Fixture.ALICE)
            .jobId(id)
            .changes(JobChanges.builder().dependency(dependency).build())
            .build();
    return cluster.apply(command).reply();
  }

  private void settings(String key, String value) {
    Parameter parameter = Parameter.builder().name(key).value(value).build();
    cluster.configure(config -> config.parameters(List.of(parameter)));
  }

  private void end(JobId id, long waitStatus) {
    assertEquals(LaunchState.OWED, cluster.job(id).launchState());
    cluster.end(id, waitStatus);
  }
}

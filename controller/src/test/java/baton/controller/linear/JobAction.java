package baton.controller.linear;

import baton.controller.linear.JobView.Phase;
import baton.controller.linear.JobView.Settings;
import baton.controller.linear.Model.Impossible;
import baton.controller.linear.Model.Step;
import baton.controller.linear.Model.Taken;
import java.util.Optional;

/** What clients and nodes do to a job, or see of it. */
sealed interface JobAction {
  /** What becomes of a job; see {@link Model#step}. */
  Step<JobView> on(JobView job, boolean settled);

  /**
   * What a request comes to that would be answered so, and would leave the job like this.
   *
   * @param expected what the job's state makes of it
   */
  private static Step<JobView> answered(
      JobView before, JobView after, Answer expected, Answer answer, boolean settled) {
    boolean done = expected.equals(Answer.DONE);
    if (!settled) {
      return done ? Taken.to(after) : new Impossible<>("it has no effect");
    }
    if (!answer.isAboutTheJob()) {
      return Taken.to(before);
    }
    if (!answer.equals(expected)) {
      return new Impossible<>("it would be " + expected + ", for the job is " + before);
    }
    return Taken.to(done ? after : before);
  }

  /**
   * The job is submitted.
   *
   * @param id what was answered; 0 when refused
   */
  record Submit(Settings settings, int exitStatus, Answer answer, long id) implements JobAction {
    @Override
    public Step<JobView> on(JobView job, boolean settled) {
      if (job.phase() != Phase.ABSENT) {
        return new Impossible<>("the job is there already: " + job);
      }
      JobView after =
          new JobView(Phase.PENDING, settled ? id : 0, settings, exitStatus, false, false);
      return answered(job, after, Answer.DONE, answer, settled);
    }

    @Override
    public String toString() {
      String status = exitStatus == 0 ? "" : " exit=" + exitStatus;
      return "submit " + settings + status + " -> " + (id == 0 ? answer : "id " + id);
    }
  }

  /** Settings are changed, all named ones together: scontrol update, hold, release. */
  record Change(
      Optional<String> name,
      Optional<String> comment,
      Optional<Long> limitMinutes,
      Optional<Long> priority,
      Answer answer)
      implements JobAction {
    @Override
    public Step<JobView> on(JobView job, boolean settled) {
      Settings before = job.settings();
      Settings after =
          new Settings(
              name.orElse(before.name()),
              comment.orElse(before.comment()),
              limitMinutes.orElse(before.limitMinutes()),
              priority.orElse(before.priority()));
      return answered(job, job.with(after), expected(job), answer, settled);
    }

    private Answer expected(JobView job) {
      if (job.phase() == Phase.ABSENT) {
        return Answer.NO_SUCH_JOB;
      }
      if (job.phase().isEnd()) {
        return Answer.FINISHED;
      }
      boolean held = job.settings().priority() == 0;
      return held && priority.isPresent() && priority.get() > 0 ? Answer.HELD : Answer.DONE;
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("update");
      name.ifPresent(value -> text.append(" name=").append(value));
      comment.ifPresent(value -> text.append(" comment=").append(value));
      limitMinutes.ifPresent(value -> text.append(" limit=").append(value));
      priority.ifPresent(
          value ->
              text.append(value == 0 ? " hold" : value > 0 ? " priority=" + value : " release"));
      return text.append(" -> ").append(answer).toString();
    }
  }

  /** The job is cancelled: scancel. */
  record Cancel(Answer answer) implements JobAction {
    @Override
    public Step<JobView> on(JobView job, boolean settled) {
      Answer expected = Answer.DONE;
      if (job.phase() == Phase.ABSENT) {
        expected = Answer.NO_SUCH_JOB;
      } else if (job.phase().isEnd()) {
        expected = Answer.ENDED;
      }
      return answered(job, job.in(Phase.CANCELLED), expected, answer, settled);
    }

    @Override
    public String toString() {
      return "cancel -> " + answer;
    }
  }

  /**
   * A client asks for the job.
   *
   * @param seen what it was told; empty when told that there is none
   */
  record Show(Optional<Seen> seen) implements JobAction {
    @Override
    public Step<JobView> on(JobView job, boolean settled) {
      if (!settled) {
        return Taken.to(job);
      }
      if (seen.isEmpty() || job.phase() == Phase.ABSENT) {
        return seen.isEmpty() && job.phase() == Phase.ABSENT
            ? Taken.to(job)
            : new Impossible<>("it is " + job);
      }
      Optional<String> other = seen.get().differsFrom(job);
      return other.isEmpty() ? Taken.to(job.known(seen.get().id())) : new Impossible<>(other.get());
    }

    @Override
    public String toString() {
      return "show -> " + seen.map(Seen::toString).orElse("no such job");
    }
  }

  /** The first line of the job's script runs on a node. */
  record ScriptBegins() implements JobAction {
    @Override
    public Step<JobView> on(JobView job, boolean settled) {
      if (job.started()) {
        return new Impossible<>("it had begun before");
      }
      boolean may =
          job.phase() == Phase.RUNNING || (job.phase() == Phase.CANCELLED && job.launched());
      return may ? Taken.to(job.start()) : new Impossible<>("the job is " + job);
    }

    @Override
    public String toString() {
      return "the script begins";
    }
  }

  /** The last line of the job's script has run; from then on the job may end by itself. */
  record ScriptEnds() implements JobAction {
    @Override
    public Step<JobView> on(JobView job, boolean settled) {
      if (job.phase() != Phase.RUNNING || !job.started()) {
        return new Impossible<>("the job is " + job);
      }
      return Taken.to(job.in(job.exitStatus() == 0 ? Phase.COMPLETED : Phase.FAILED));
    }

    @Override
    public String toString() {
      return "the script has ended";
    }
  }
}

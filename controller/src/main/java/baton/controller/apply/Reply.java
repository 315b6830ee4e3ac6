package baton.controller.apply;

import baton.controller.command.SubmitJob;
import baton.controller.model.Job;
import baton.controller.model.Step;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import java.util.List;

/** What the one who asked is told. A refusal is a value, never an exception. */
public sealed interface Reply {

  /**
   * Done.
   *
   * @param note an error number that the peer is told all the same, or null (slurmctld answers the
   *     late completion of a cancelled job with ALREADY_DONE, and yet keeps its exit status)
   */
  record Accepted(SlurmError note) implements Reply {}

  /**
   * A job was accepted.
   *
   * @param jobId its id
   * @param note what else the submitter is told, or null (Slurm answers a job that must wait with
   *     an error number beside its id)
   */
  record JobAccepted(JobId jobId, SlurmError note) implements Reply {}

  /**
   * An allocation was accepted and started at once.
   *
   * @param job as it started
   */
  record JobStarted(Job job) implements Reply {}

  /** What the leader had found for an allocation is not free any more; the state is as it was. */
  record Outrun() implements Reply {}

  /**
   * A step was made.
   *
   * @param step the step
   */
  record StepCreated(Step step) implements Reply {}

  /**
   * The job was recorded, and failed at once because no node could ever run it. Slurm refuses such
   * a job, yet lists it until it is forgotten.
   *
   * @param jobId its id
   * @param error what Slurm's client is told
   * @param text detail that releases which show one show; null for none
   */
  record JobFailed(JobId jobId, SlurmError error, String text) implements Reply {}

  /**
   * A crontab was taken.
   *
   * @param jobs the jobs of its lines, in their order
   */
  record CrontabAccepted(List<JobId> jobs) implements Reply {
    public CrontabAccepted {
      jobs = List.copyOf(jobs);
    }
  }

  /**
   * A crontab was refused; the state is as it was.
   *
   * @param error what is wrong
   * @param text detail, or null
   * @param entry the entry at fault, or null
   */
  record CrontabRejected(SlurmError error, String text, SubmitJob entry) implements Reply {}

  /**
   * Done for some tasks of an array, refused for others.
   *
   * @param outcomes by task set, such as {@code 12_[1-3]}
   */
  record ByTask(List<TaskOutcome> outcomes) implements Reply {
    public ByTask {
      outcomes = List.copyOf(outcomes);
    }
  }

  /** The outcome for one job or set of tasks; {@code error} is null where it was done. */
  record TaskOutcome(String tasks, SlurmError error) {}

  /**
   * Refused; the state is as it was.
   *
   * @param error what Slurm's client is told
   * @param text detail for the log and for releases that show one; null for none
   */
  record Rejected(SlurmError error, String text) implements Reply {}

  /** The one answer that says no more than that it was done. */
  Reply ACCEPTED = new Accepted(null);

  static Reply rejected(SlurmError error) {
    return new Rejected(error, null);
  }
}

package baton.controller.linear;

import baton.controller.linear.JobView.Settings;
import java.util.Optional;

/**
 * What a client was told of a job.
 *
 * @param state the base state, by its name in Slurm
 * @param settings priority as told, so never {@link Settings#OF_THE_SCHEDULER}
 * @param exitStatus of the script; 0 until it ended
 */
record Seen(long id, String state, Settings settings, int exitStatus) {
  /** What cannot be, of a job that is like this; empty if all agrees. */
  Optional<String> differsFrom(JobView job) {
    Settings are = job.settings();
    if (job.id() != 0 && job.id() != id) {
      return Optional.of("its id is " + job.id());
    }
    if (!state.equals(job.phase().name())) {
      return Optional.of("it is " + job.phase());
    }
    if (!settings.name().equals(are.name())) {
      return Optional.of("its name is " + are.name());
    }
    if (!settings.comment().equals(are.comment())) {
      return Optional.of("its comment is " + are.comment());
    }
    if (settings.limitMinutes() != are.limitMinutes()) {
      return Optional.of("its time limit is " + are.limitMinutes());
    }
    boolean sameKind = (settings.priority() == 0) == (are.priority() == 0);
    if (!sameKind || (are.priority() > 0 && settings.priority() != are.priority())) {
      return Optional.of(are.priority() == 0 ? "it is held" : "its priority is " + are.priority());
    }
    boolean byItself =
        job.phase() == JobView.Phase.COMPLETED || job.phase() == JobView.Phase.FAILED;
    if (byItself && exitStatus != job.exitStatus()) {
      return Optional.of("its script exits with " + job.exitStatus());
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    String status = exitStatus == 0 ? "" : " exit=" + exitStatus;
    return "id " + id + " " + state + " " + settings + status;
  }
}

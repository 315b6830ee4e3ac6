package baton.controller.apply;

import baton.controller.command.Caller;
import baton.controller.command.JobChanges;
import baton.controller.lifecycle.GenericResources;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.protocol.error.SlurmError;
import baton.protocol.type.NoVal;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A job's update: account, reservation, licences, other resources and settings that say nothing
 * about where it runs. What is the same as before is no change, and never refused.
 */
final class JobSettings {
  private static final int NO_VAL8 = 0xfe;

  private JobSettings() {}

  static SlurmError change(Caller caller, Job job, JobChanges wanted, JobRequest.Builder request) {
    boolean pending = JobLifecycle.isPending(job);
    if (wanted.account() != null && !pending) {
      return SlurmError.ESLURM_JOB_NOT_PENDING;
    }
    SlurmError refusal = reservation(job, wanted);
    if (refusal == null) {
      refusal = resources(job, wanted);
    }
    if (refusal == null && isChanged(wanted.licenses(), job.request().licenses())) {
      refusal = licenses(job, wanted.licenses(), request);
    }
    if (refusal != null) {
      return refusal;
    }
    if (wanted.nodeSwitches() != NoVal.NO_VAL) {
      request.nodeSwitches(wanted.nodeSwitches());
    }
    if (wanted.waitForSwitchesSeconds() != NoVal.NO_VAL) {
      request.waitForSwitchesSeconds(wanted.waitForSwitchesSeconds());
    }
    if (wanted.delayBootSeconds() != NoVal.NO_VAL) {
      request.delayBootSeconds(wanted.delayBootSeconds());
    }
    return privileged(caller, job, wanted, request);
  }

  private static SlurmError privileged(
      Caller caller, Job job, JobChanges wanted, JobRequest.Builder request) {
    if (wanted.reboot() != NO_VAL8) {
      if (!caller.superUser()) {
        return SlurmError.ESLURM_ACCESS_DENIED;
      }
      if (!JobLifecycle.isPending(job)) {
        return SlurmError.ESLURM_JOB_NOT_PENDING;
      }
      request.reboot(wanted.reboot() != 0);
    }
    if (wanted.siteFactor() != NoVal.NO_VAL) {
      if (!caller.operator()) {
        return SlurmError.ESLURM_ACCESS_DENIED;
      }
      request.siteFactor(wanted.siteFactor());
    }
    return null;
  }

  /** There are no reservations: none can be entered, and leaving one is nothing to do. */
  private static SlurmError reservation(Job job, JobChanges wanted) {
    if (!isChanged(wanted.reservation(), job.request().reservation())) {
      return null;
    }
    if (!JobLifecycle.isPending(job) && !JobLifecycle.isRunning(job)) {
      return SlurmError.ESLURM_JOB_NOT_PENDING_NOR_RUNNING;
    }
    return SlurmError.ESLURM_RESERVATION_INVALID;
  }

  /** Generic resources are not configured. */
  private static SlurmError resources(Job job, JobChanges wanted) {
    boolean asked =
        Stream.of(
                wanted.tresPerJob(),
                wanted.tresPerNode(),
                wanted.tresPerSocket(),
                wanted.tresPerTask())
            .anyMatch(Objects::nonNull);
    if (asked && !JobLifecycle.isPending(job)) {
      return SlurmError.ESLURM_JOB_NOT_PENDING;
    }
    boolean some =
        Stream.of(
                wanted.tresPerJob(),
                wanted.tresPerNode(),
                wanted.tresPerSocket(),
                wanted.tresPerTask())
            .anyMatch(GenericResources::areAsked);
    return some ? SlurmError.ESLURM_INVALID_GRES : null;
  }

  private static SlurmError licenses(Job job, String wanted, JobRequest.Builder request) {
    if (!wanted.isEmpty()) {
      return SlurmError.ESLURM_INVALID_LICENSES;
    }
    boolean running = JobLifecycle.isRunning(job);
    if (!JobLifecycle.isPending(job) && !running) {
      return SlurmError.ESLURM_JOB_NOT_PENDING_NOR_RUNNING;
    }
    request.licenses(null);
    return null;
  }

  /** True if a text is given that differs from the one in force; empty is the same as none. */
  static boolean isChanged(String wanted, String before) {
    return wanted != null && !wanted.equals(before == null ? "" : before);
  }
}

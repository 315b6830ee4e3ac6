package baton.controller.apply;

import baton.controller.command.Caller;
import baton.controller.command.JobChanges;
import baton.controller.lifecycle.Dependencies;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.protocol.error.SlurmError;
import baton.protocol.type.NoVal;
import java.time.Instant;

/** The plain fields of a job's update: who may change them, and in which state. */
final class JobFields {
  private JobFields() {}

  static SlurmError change(
      Change change,
      Caller caller,
      Job job,
      JobChanges wanted,
      Job.Builder next,
      JobRequest.Builder request) {
    SlurmError refusal = time(change, caller, job, wanted, next, request);
    if (refusal == null) {
      refusal = size(job, wanted, request);
    }
    if (refusal == null) {
      refusal = placement(change, job, wanted, next, request);
    }
    if (refusal == null) {
      refusal = texts(caller, wanted, request);
    }
    return refusal;
  }

  private static SlurmError time(
      Change change,
      Caller caller,
      Job job,
      JobChanges wanted,
      Job.Builder next,
      JobRequest.Builder request) {
    if (wanted.timeLimitMinutes() != NoVal.NO_VAL) {
      boolean running = !JobLifecycle.isPending(job);
      boolean longer = wanted.timeLimitMinutes() > job.timeLimitMinutes();
      if (!caller.operator() && longer && (running || job.timeLimitMinutes() != NoVal.NO_VAL)) {
        return SlurmError.ESLURM_ACCESS_DENIED;
      }
      next.timeLimitMinutes(wanted.timeLimitMinutes());
      request.timeLimitMinutes(wanted.timeLimitMinutes());
      if (running && wanted.timeLimitMinutes() != NoVal.INFINITE) {
        Instant end = job.startTime().plusSeconds(wanted.timeLimitMinutes() * 60);
        next.endTime(end.isBefore(change.now()) ? change.now() : end);
      }
    }
    if (wanted.beginTime() != null) {
      if (!JobLifecycle.isPending(job)) {
        return SlurmError.ESLURM_JOB_NOT_PENDING;
      }
      request.beginTime(wanted.beginTime());
      next.eligibleTime(wanted.beginTime());
    }
    if (wanted.deadline() != null) {
      request.deadline(wanted.deadline());
    }
    if (wanted.nice() != NoVal.NO_VAL) {
      if (!caller.operator() && wanted.nice() < job.request().nice()) {
        return SlurmError.ESLURM_ACCESS_DENIED;
      }
      long lower = wanted.nice() - job.request().nice();
      request.nice(wanted.nice());
      if (job.priority() > 0) {
        next.priority(Math.max(1, job.priority() - lower));
      }
    }
    return null;
  }

  private static SlurmError size(Job job, JobChanges wanted, JobRequest.Builder request) {
    boolean asked =
        wanted.minCpus() != NoVal.NO_VAL
            || wanted.minNodes() != NoVal.NO_VAL
            || wanted.maxNodes() != NoVal.NO_VAL
            || wanted.taskCount() != NoVal.NO_VAL
            || wanted.cpusPerTask() != NoVal.NO_VAL16
            || wanted.memoryMiB() != NoVal.NO_VAL64
            || wanted.minCpusPerNode() != NoVal.NO_VAL16
            || wanted.minTmpDiskMiB() != NoVal.NO_VAL
            || wanted.tasksPerNode() != NoVal.NO_VAL16;
    if (!asked) {
      return null;
    }
    if (!JobLifecycle.isPending(job)) {
      return SlurmError.ESLURM_JOB_NOT_PENDING;
    }
    if (wanted.minCpus() != NoVal.NO_VAL) {
      request.minCpus(wanted.minCpus());
    }
    if (wanted.minNodes() != NoVal.NO_VAL) {
      request.minNodes(wanted.minNodes());
    }
    if (wanted.maxNodes() != NoVal.NO_VAL) {
      request.maxNodes(wanted.maxNodes());
    }
    if (wanted.taskCount() != NoVal.NO_VAL) {
      request.taskCount(wanted.taskCount());
    }
    if (wanted.cpusPerTask() != NoVal.NO_VAL16) {
      request.cpusPerTask(wanted.cpusPerTask());
    }
    if (wanted.memoryMiB() != NoVal.NO_VAL64) {
      request.memoryMiB(wanted.memoryMiB()).memoryPerCpu(wanted.memoryPerCpu());
    }
    if (wanted.minCpusPerNode() != NoVal.NO_VAL16) {
      request.minCpusPerNode(wanted.minCpusPerNode());
    }
    if (wanted.minTmpDiskMiB() != NoVal.NO_VAL) {
      request.minTmpDiskMiB(wanted.minTmpDiskMiB());
    }
    if (wanted.tasksPerNode() != NoVal.NO_VAL16) {
      request.tasksPerNode(wanted.tasksPerNode());
    }
    return null;
  }

  private static SlurmError placement(
      Change change, Job job, JobChanges wanted, Job.Builder next, JobRequest.Builder request) {
    boolean asked =
        wanted.features() != null
            || wanted.requiredNodes() != null
            || wanted.excludedNodes() != null
            || wanted.dependency() != null
            || wanted.shareMode() != NoVal.NO_VAL16
            || wanted.contiguous() != NoVal.NO_VAL16;
    if (asked && !JobLifecycle.isPending(job)) {
      return SlurmError.ESLURM_JOB_NOT_PENDING;
    }
    if (wanted.features() != null) {
      request.features(orNull(wanted.features()));
    }
    if (wanted.requiredNodes() != null) {
      request.requiredNodes(orNull(wanted.requiredNodes()));
    }
    if (wanted.excludedNodes() != null) {
      request.excludedNodes(orNull(wanted.excludedNodes()));
    }
    if (wanted.shareMode() != NoVal.NO_VAL16) {
      request.shareMode(wanted.shareMode());
    }
    if (wanted.contiguous() != NoVal.NO_VAL16) {
      request.contiguous(wanted.contiguous() != 0);
    }
    if (wanted.dependency() != null) {
      Dependencies.Parsed parsed = Dependencies.parse(change.jobs(), wanted.dependency());
      if (parsed.refusal() != null) {
        return parsed.refusal();
      }
      request.dependency(parsed.remaining());
      next.dependencySatisfied(parsed.remaining() == null);
    }
    return null;
  }

  private static SlurmError texts(Caller caller, JobChanges wanted, JobRequest.Builder request) {
    if (wanted.adminComment() != null) {
      if (!caller.superUser()) {
        return SlurmError.ESLURM_ACCESS_DENIED;
      }
      request.adminComment(orNull(wanted.adminComment()));
    }
    if (wanted.comment() != null) {
      request.comment(orNull(wanted.comment()));
    }
    if (wanted.name() != null) {
      request.name(wanted.name());
    }
    if (wanted.account() != null) {
      request.account(orNull(wanted.account()));
    }
    if (wanted.mailType() != NoVal.NO_VAL16) {
      request.mailType(wanted.mailType());
    }
    if (wanted.mailUser() != null) {
      request.mailUser(orNull(wanted.mailUser()));
    }
    if (wanted.requeue() != NoVal.NO_VAL16) {
      request.requeue(wanted.requeue() != 0);
    }
    if (wanted.standardOutput() != null) {
      request.standardOutput(orNull(wanted.standardOutput()));
    }
    if (wanted.standardError() != null) {
      request.standardError(orNull(wanted.standardError()));
    }
    if (wanted.standardInput() != null) {
      request.standardInput(orNull(wanted.standardInput()));
    }
    if (wanted.workDir() != null) {
      request.workDir(wanted.workDir());
    }
    if (wanted.wckey() != null) {
      request.wckey(orNull(wanted.wckey()));
    }
    return null;
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}

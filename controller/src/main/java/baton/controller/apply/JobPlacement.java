package baton.controller.apply;

import baton.controller.command.Caller;
import baton.controller.command.JobChanges;
import baton.controller.lifecycle.Constraints;
import baton.controller.lifecycle.Dependencies;
import baton.controller.lifecycle.Expansion;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.StandIn;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.protocol.error.SlurmError;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;

/** A job's update: where and when it may run, and the texts that go with it. */
final class JobPlacement {
  private JobPlacement() {}

  static SlurmError change(
      Change change,
      Caller caller,
      Job job,
      JobChanges wanted,
      Job.Builder next,
      JobRequest.Builder request) {
    SlurmError refusal = shape(job, wanted, request);
    if (refusal == null) {
      refusal = sharing(caller, job, wanted, request);
    }
    if (refusal == null) {
      refusal = features(change, job, wanted, request);
    }
    if (refusal == null) {
      refusal = preference(change, job, wanted, request);
    }
    if (refusal == null && !JobLifecycle.isPending(job) && changesTexts(job, wanted)) {
      refusal = SlurmError.ESLURM_JOB_NOT_PENDING;
    }
    if (refusal == null && wanted.tasksPerNode() != NoVal.NO_VAL16) {
      refusal = allowed(job, caller.operator());
      request.tasksPerNode(wanted.tasksPerNode());
    }
    if (refusal == null) {
      refusal = dependency(change, job, wanted, next, request);
    }
    return refusal != null ? refusal : begin(change, job, wanted, next, request);
  }

  /** Texts that a job has for good once it has started. */
  private static boolean changesTexts(Job job, JobChanges wanted) {
    JobRequest request = job.request();
    return JobSettings.isChanged(wanted.workDir(), request.workDir())
        || JobSettings.isChanged(wanted.standardOutput(), request.standardOutput())
        || JobSettings.isChanged(wanted.wckey(), request.wckey());
  }

  private static SlurmError allowed(Job job, boolean permitted) {
    if (!JobLifecycle.isPending(job)) {
      return SlurmError.ESLURM_JOB_NOT_PENDING;
    }
    return permitted ? null : SlurmError.ESLURM_ACCESS_DENIED;
  }

  private static SlurmError shape(Job job, JobChanges wanted, JobRequest.Builder request) {
    boolean asked =
        wanted.socketsPerNode() != NoVal.NO_VAL16
            || wanted.coresPerSocket() != NoVal.NO_VAL16
            || wanted.threadsPerCore() != NoVal.NO_VAL16;
    if (!asked) {
      return null;
    }
    if (!JobLifecycle.isPending(job)) {
      return SlurmError.ESLURM_JOB_NOT_PENDING;
    }
    if (wanted.socketsPerNode() != NoVal.NO_VAL16) {
      request.socketsPerNode(wanted.socketsPerNode());
    }
    if (wanted.coresPerSocket() != NoVal.NO_VAL16) {
      request.coresPerSocket(wanted.coresPerSocket());
    }
    if (wanted.threadsPerCore() != NoVal.NO_VAL16) {
      request.threadsPerCore(wanted.threadsPerCore());
    }
    return null;
  }

  private static SlurmError sharing(
      Caller caller, Job job, JobChanges wanted, JobRequest.Builder request) {
    if (wanted.shareMode() != NoVal.NO_VAL16) {
      SlurmError refusal = allowed(job, caller.operator());
      if (refusal != null) {
        return refusal;
      }
      request.shareMode(wanted.shareMode() == 0 ? 0 : 1);
    }
    if (wanted.contiguous() != NoVal.NO_VAL16) {
      boolean easier = job.request().contiguous() && wanted.contiguous() == 0;
      SlurmError refusal = allowed(job, caller.operator() || easier);
      if (refusal != null) {
        return refusal;
      }
      request.contiguous(wanted.contiguous() != 0);
    }
    return wanted.coreSpecialization() == NoVal.NO_VAL16 ? null : allowed(job, false);
  }

  private static SlurmError features(
      Change change, Job job, JobChanges wanted, JobRequest.Builder request) {
    String features = wanted.features() == null ? null : Constraints.normal(wanted.features());
    boolean same = features != null && features.equals(job.request().features());
    if (wanted.features() == null || same) {
      return null;
    }
    if (!JobLifecycle.isPending(job)) {
      return SlurmError.ESLURM_JOB_NOT_PENDING;
    }
    request.features(features);
    Release release = StandIn.of(change.config());
    return Constraints.refusal(features, SubmissionCheck.features(change), release);
  }

  private static SlurmError preference(
      Change change, Job job, JobChanges wanted, JobRequest.Builder request) {
    if (!JobSettings.isChanged(wanted.prefer(), job.request().prefer())) {
      return null;
    }
    if (!JobLifecycle.isPending(job)) {
      return SlurmError.ESLURM_JOB_NOT_PENDING;
    }
    String prefer = Constraints.normal(wanted.prefer());
    request.prefer(prefer);
    Set<String> known =
        SubmissionCheck.ignoresPreference(change) ? null : SubmissionCheck.features(change);
    SlurmError refusal = Constraints.refusal(prefer, known, StandIn.of(change.config()));
    return refusal == null ? null : SlurmError.ESLURM_INVALID_PREFER;
  }

  private static SlurmError dependency(
      Change change, Job job, JobChanges wanted, Job.Builder next, JobRequest.Builder request) {
    if (wanted.dependency() == null) {
      return null;
    }
    if (!JobLifecycle.isPending(job)) {
      return SlurmError.ESLURM_JOB_NOT_PENDING;
    }
    Dependencies.Parsed parsed =
        Dependents.parse(change, job, job.partition(), wanted.dependency());
    if (parsed.refusal() != null) {
      return parsed.refusal();
    }
    request.dependency(parsed.remaining());
    next.expands(parsed.expands());
    if (parsed.expandsNow()) {
      JobRequest like = Expansion.like(request.build(), change.job(parsed.expands()), change.now());
      request.timeLimitMinutes(like.timeLimitMinutes()).shareMode(like.shareMode());
      next.timeLimitMinutes(like.timeLimitMinutes());
    }
    Dependents.stands(change, request.build(), parsed, next);
    return null;
  }

  private static SlurmError begin(
      Change change, Job job, JobChanges wanted, Job.Builder next, JobRequest.Builder request) {
    if (wanted.beginTime() == null) {
      return null;
    }
    if (!JobLifecycle.isPending(job)) {
      return SlurmError.ESLURM_JOB_NOT_PENDING;
    }
    Instant begin = wanted.beginTime().isBefore(change.now()) ? change.now() : wanted.beginTime();
    request.beginTime(begin);
    next.eligibleTime(begin).accrueTime(null);
    return null;
  }

  /** Without a database no account is known, and slurmctld passes a change to one over. */
  static void texts(JobChanges wanted, JobRequest.Builder request) {
    set(wanted.adminComment(), request::adminComment);
    set(wanted.comment(), request::comment);
    set(wanted.name(), request::name);
    set(wanted.mailUser(), request::mailUser);
    set(wanted.standardOutput(), request::standardOutput);
    set(wanted.standardError(), request::standardError);
    set(wanted.standardInput(), request::standardInput);
    set(wanted.workDir(), request::workDir);
    set(wanted.wckey(), request::wckey);
    set(wanted.extra(), request::extra);
    if (wanted.mailType() != NoVal.NO_VAL16) {
      request.mailType(wanted.mailType());
    }
  }

  /** Null leaves a text, an empty one clears it. */
  private static void set(String wanted, Consumer<String> setter) {
    if (wanted != null) {
      setter.accept(wanted.isEmpty() ? null : wanted);
    }
  }
}

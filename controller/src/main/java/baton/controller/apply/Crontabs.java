package baton.controller.apply;

import baton.controller.command.CronStart;
import baton.controller.command.CronStarts;
import baton.controller.command.SubmitJob;
import baton.controller.command.UpdateCrontab;
import baton.controller.lifecycle.Cron;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.CronSchedule;
import baton.controller.model.Crontab;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.LineRange;
import baton.controller.model.RequestFlag;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import baton.protocol.type.Uid;
import java.util.ArrayList;
import java.util.List;

/**
 * scrontab: a user's table, and the jobs of its lines, each of which is requeued for its next time
 * whenever it ends, until the table is replaced or the job is cancelled.
 */
final class Crontabs {
  /** Wait status that slurmctld gives a job whose line is gone. */
  private static final long REPLACED_WAIT_STATUS = 1;

  private Crontabs() {}

  static Reply update(Change change, UpdateCrontab command) {
    List<JobId> made = new ArrayList<>();
    for (SubmitJob entry : command.entries()) {
      CronSchedule schedule = entry.request().cron().get(0);
      if (!Cron.isValid(schedule)) {
        return new Reply.CrontabRejected(SlurmError.SLURM_ERROR, null, null);
      }
      SlurmError refusal = null;
      String text = null;
      Reply reply = Submission.submit(change, entry);
      if (reply instanceof Reply.JobAccepted accepted) {
        made.add(accepted.jobId());
      } else if (reply instanceof Reply.JobFailed failed) {
        refusal = failed.error();
        text = failed.text();
      } else if (reply instanceof Reply.Rejected rejected) {
        refusal = rejected.error();
        text = rejected.text();
      }
      if (refusal != null) {
        return new Reply.CrontabRejected(refusal, text, entry);
      }
    }
    endOthers(change, command.userId(), made);
    if (command.text() == null) {
      change.removeCrontab(command.userId());
    } else {
      change.put(Crontab.builder().userId(command.userId()).text(command.text()).build());
    }
    return new Reply.CrontabAccepted(made);
  }

  /** Jobs of the old table run on if they run, and never again. */
  private static void endOthers(Change change, Uid userId, List<JobId> made) {
    for (Job job : List.copyOf(change.jobs().values())) {
      if (!isCron(job) || !job.request().userId().equals(userId) || made.contains(job.id())) {
        continue;
      }
      Job.Builder next = job.toBuilder().request(once(job.request())).cronDue(false);
      if (JobLifecycle.isPending(job)) {
        next.state(JobState.CANCELLED).exitCode(REPLACED_WAIT_STATUS);
        if (!JobLifecycle.isCompleting(job)) {
          next.startTime(change.now()).endTime(change.now());
        }
        Ending.count(change, JobState.CANCELLED);
      }
      change.put(next);
      Mail.ended(change, change.job(job.id()));
    }
  }

  /** The job as one that runs once, and its line as disabled: its user has signalled it. */
  static Job signalled(Change change, Job job) {
    if (!isCron(job)) {
      return job;
    }
    CronSchedule schedule = job.request().cron().get(0);
    Crontab crontab = change.crontab(job.request().userId());
    if (crontab != null) {
      List<LineRange> disabled = new ArrayList<>(crontab.disabledLines());
      disabled.add(
          LineRange.builder().first(schedule.lineStart()).last(schedule.lineEnd()).build());
      change.put(crontab.toBuilder().disabledLines(disabled).build());
    }
    change.put(job.toBuilder().request(once(job.request())).cronDue(false));
    return change.job(job.id());
  }

  /** A job that has ended, and not by being cancelled, waits for its next time; false if not. */
  static boolean again(Change change, Job job, Job.Builder next) {
    if (!isCron(job) || !JobLifecycle.isFinished(job) || job.state() == JobState.CANCELLED) {
      return false;
    }
    next.state(JobState.PENDING).restartCount(job.restartCount() + 1).warnSent(false);
    Requeueing.makeNew(change, next);
    return true;
  }

  static Reply starts(Change change, CronStarts command) {
    for (CronStart start : command.starts()) {
      Job job = change.job(start.jobId());
      if (job == null || !job.cronDue() || job.restartCount() != start.restartCount()) {
        continue;
      }
      change.put(
          job.toBuilder()
              .cronDue(false)
              .request(job.request().toBuilder().beginTime(start.begin()).build())
              .eligibleTime(start.begin()));
    }
    return Reply.ACCEPTED;
  }

  static boolean isCron(Job job) {
    return isCron(job.request());
  }

  static boolean isCron(JobRequest request) {
    return (request.bitFlags() & RequestFlag.CRON_JOB) != 0;
  }

  private static JobRequest once(JobRequest request) {
    return request.toBuilder().bitFlags(request.bitFlags() & ~RequestFlag.CRON_JOB).build();
  }
}

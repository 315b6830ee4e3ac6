package baton.controller.apply;

import baton.controller.command.SignalJob;
import baton.controller.lifecycle.Cron;
import baton.controller.lifecycle.HetGroups;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobFlag;
import baton.controller.model.JobState;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.protocol.error.SlurmError;
import baton.protocol.type.NoVal;
import java.util.List;

/** scancel: ending jobs, and sending them other signals. */
final class Signalling {
  private static final int SIGKILL = 9;
  private static final int SIGCONT = 18;
  private static final int SIGSTOP = 19;

  /** slurm.h KILL_JOB_BATCH: the batch shell alone. */
  private static final long BATCH_ONLY = 1;

  /** slurm.h KILL_STEPS_ONLY: steps, not the batch script. */
  private static final long STEPS_ONLY = 1 << 2;

  /** slurm.h KILL_CRON (23.02): jobs of scrontab are meant too. */
  private static final long CRON = 1 << 12;

  private Signalling() {}

  static Reply signal(Change change, SignalJob command) {
    if (command.stepId() != NoVal.NO_VAL) {
      return StepSignals.signal(change, command);
    }
    Job job = change.job(command.jobId());
    if (job == null) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    boolean owner = command.caller().uid().equals(job.request().userId());
    if (!owner && !command.caller().operator()) {
      return Reply.rejected(SlurmError.ESLURM_ACCESS_DENIED);
    }
    if (JobLifecycle.isFinished(job)) {
      return Reply.rejected(SlurmError.ESLURM_ALREADY_DONE);
    }
    if (Crontabs.isCron(job)) {
      boolean said = (command.flags() & CRON) != 0;
      if (Cron.wantsExplicitCancel(change.config()) && !said) {
        return Reply.rejected(SlurmError.ESLURM_CANNOT_CANCEL_CRON_JOB);
      }
      job = Crontabs.signalled(change, job);
    }
    boolean component = HetGroups.isComponent(job) && !HetGroups.isLeader(job);
    if (component && JobLifecycle.isPending(job)) {
      return Reply.rejected(SlurmError.ESLURM_NOT_WHOLE_HET_JOB);
    }
    boolean part = (command.flags() & (BATCH_ONLY | STEPS_ONLY)) != 0;
    boolean whole = command.signal() == SIGKILL && !(part && JobLifecycle.isRunning(job));
    return whole ? cancel(change, command, job) : pass(change, command, job);
  }

  /** Processes that were told to stop, or to go on, show in the job's state. */
  static void passed(Change change, Effect effect) {
    Job job = change.job(effect.jobId());
    boolean tells =
        effect.stepId() == NoVal.NO_VAL
            && (effect.signal() == SIGSTOP || effect.signal() == SIGCONT);
    if (job == null || !tells || job.restartCount() != effect.restartCount()) {
      return;
    }
    long without = job.stateFlags() & ~(JobFlag.STOPPED | JobFlag.SIGNALING);
    boolean stopped = effect.signal() == SIGSTOP && JobLifecycle.isRunning(job);
    change.put(job.toBuilder().stateFlags(stopped ? without | JobFlag.STOPPED : without));
  }

  private static Reply cancel(Change change, SignalJob command, Job job) {
    Job.Builder next = job.toBuilder().requesterUid(command.caller().uid());
    if (!JobLifecycle.isPending(job)) {
      Ending.end(change, next.build(), JobState.CANCELLED, EffectKind.TERMINATE_JOB);
      return Reply.ACCEPTED;
    }
    next.state(JobState.CANCELLED);
    if (!JobLifecycle.isCompleting(job)) {
      next.startTime(change.now()).endTime(change.now());
    }
    Ending.count(change, JobState.CANCELLED);
    change.put(next);
    Mail.ended(change, change.job(job.id()));
    return Reply.ACCEPTED;
  }

  private static Reply pass(Change change, SignalJob command, Job job) {
    if (!JobLifecycle.isRunning(job)) {
      return Reply.rejected(SlurmError.ESLURM_TRANSITION_STATE_NO_UPDATE);
    }
    boolean batchOnly = (command.flags() & BATCH_ONLY) != 0;
    if (batchOnly && !job.request().batch()) {
      return Reply.rejected(SlurmError.ESLURM_JOB_SCRIPT_MISSING);
    }
    boolean flow = command.signal() == SIGSTOP || command.signal() == SIGCONT;
    if (flow) {
      if ((job.stateFlags() & JobFlag.SIGNALING) != 0) {
        return Reply.rejected(SlurmError.ESLURM_TRANSITION_STATE_NO_UPDATE);
      }
      change.put(job.toBuilder().stateFlags(job.stateFlags() | JobFlag.SIGNALING));
    }
    List<NodeName> nodes =
        batchOnly
            ? List.of(job.batchHost())
            : job.allocation().get(0).nodes().stream().map(NodeAllocation::node).toList();
    change.owe(
        Effect.builder()
            .kind(EffectKind.SIGNAL_JOB)
            .jobId(job.id())
            .restartCount(job.restartCount())
            .signal(command.signal())
            .flags(command.flags())
            .nodes(nodes));
    return Reply.ACCEPTED;
  }
}

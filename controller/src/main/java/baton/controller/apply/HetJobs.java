package baton.controller.apply;

import baton.controller.command.SubmitHetJob;
import baton.controller.command.SubmitJob;
import baton.controller.lifecycle.HetGroups;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.protocol.error.SlurmError;
import baton.protocol.type.HostList;
import baton.protocol.type.JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Heterogeneous jobs: several jobs, the components, that are submitted, started and ended together.
 * The first is the leader: its id names the whole, its script is the one that runs.
 */
final class HetJobs {
  private HetJobs() {}

  static Reply submit(Change change, SubmitHetJob command) {
    if (command.components().isEmpty()) {
      return Reply.rejected(SlurmError.SLURM_ERROR);
    }
    if (!change.config().schedulerType().endsWith("backfill")) {
      // slurmctld starts them by its backfill alone
      return Reply.rejected(SlurmError.ESLURM_NOT_SUPPORTED);
    }
    List<JobId> ids = new ArrayList<>();
    for (SubmitJob component : command.components()) {
      if (component.request().arrayIndexes() != null) {
        return Reply.rejected(SlurmError.ESLURM_INVALID_ARRAY);
      }
      Reply reply = Submission.submit(change, component);
      if (reply instanceof Reply.JobFailed failed) {
        return new Reply.Rejected(failed.error(), failed.text());
      }
      if (!(reply instanceof Reply.JobAccepted accepted)) {
        return reply;
      }
      ids.add(accepted.jobId());
    }
    JobId leader = ids.get(0);
    String all = HostList.of(ids.stream().map(JobId::toString).toList()).ranged();
    String set = all.startsWith("[") ? all.substring(1, all.length() - 1) : all;
    boolean batch = change.job(leader).request().batch();
    for (int i = 0; i < ids.size(); i++) {
      Job job = change.job(ids.get(i));
      change.put(
          job.toBuilder()
              .request(job.request().toBuilder().batch(batch).build())
              .hetJobId(leader)
              .hetOffset(i)
              .hetJobIds(set));
    }
    return new Reply.JobAccepted(leader, null);
  }

  /** What happened to a leader happens to its components. */
  static void update(Change change) {
    for (JobId id : List.copyOf(change.changedJobs())) {
      Job before = change.jobBefore(id);
      Job leader = change.job(id);
      if (before == null || leader == null || !id.equals(leader.hetJobId())) {
        continue;
      }
      boolean ended = JobLifecycle.isFinished(leader) && !JobLifecycle.isFinished(before);
      boolean requeued = JobLifecycle.isPending(leader) && !JobLifecycle.isPending(before);
      if (ended || requeued) {
        components(change, leader).forEach(component -> follow(change, leader, component));
      }
    }
  }

  private static void follow(Change change, Job leader, Job component) {
    if (JobLifecycle.isFinished(component) || JobLifecycle.isCompleting(component)) {
      return;
    }
    Job.Builder next =
        component.toBuilder()
            .exitCode(leader.exitCode())
            .reason(leader.reason())
            .requesterUid(leader.requesterUid());
    if (JobLifecycle.isPending(component)) {
      if (JobLifecycle.isFinished(leader)) {
        Ending.count(change, leader.state());
        change.put(next.state(leader.state()).startTime(leader.startTime()).endTime(change.now()));
      }
      return;
    }
    if (JobLifecycle.isPending(leader)) {
      next.restartCount(component.restartCount() + 1);
    }
    Ending.end(change, next.build(), leader.state(), EffectKind.TERMINATE_JOB);
  }

  static boolean isWhole(Change change, JobId id) {
    Job job = change.job(id);
    return job != null && HetGroups.isLeader(job);
  }

  /** Does something to the leader and then to each component; the last reply stands. */
  static Reply all(Change change, JobId leader, Function<JobId, Reply> one) {
    Reply reply = one.apply(leader);
    for (Job component : components(change, change.job(leader))) {
      reply = one.apply(component.id());
    }
    return reply;
  }

  /** All but the leader, in order. */
  static List<Job> components(Change change, Job leader) {
    List<Job> found = new ArrayList<>();
    for (Job job : change.jobs().values()) {
      if (leader.id().equals(job.hetJobId()) && !job.id().equals(leader.id())) {
        found.add(job);
      }
    }
    return found;
  }
}

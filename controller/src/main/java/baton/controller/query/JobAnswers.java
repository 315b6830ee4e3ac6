package baton.controller.query;

import baton.controller.lifecycle.HetGroups;
import baton.controller.lifecycle.JobArrays;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.protocol.message.JobInfo;
import baton.protocol.message.JobState;
import baton.protocol.message.JobStateQuery;
import baton.protocol.message.JobStateResponse;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import baton.protocol.type.Uid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which jobs an asker gets to see, and how each looks. */
public final class JobAnswers {
  private JobAnswers() {}

  /** True if everybody who asks in this way is shown the same jobs as this asker. */
  public static boolean sameForAll(ClusterState state, Asker asker) {
    return new Visibility(state, asker).hidesNoJobs();
  }

  /** All jobs. */
  public static List<Job> all(ClusterState state, Asker asker) {
    return shown(state, asker, listed(state));
  }

  /** Those of one user. */
  public static List<Job> ofUser(ClusterState state, Asker asker, Uid user) {
    List<Job> his = new ArrayList<>();
    for (Job job : listed(state)) {
      if (job.request().userId().equals(user)) {
        his.add(job);
      }
    }
    return shown(state, asker, his);
  }

  /** Those that are named. */
  public static List<Job> named(ClusterState state, Asker asker, Collection<Long> ids) {
    List<Job> named = new ArrayList<>();
    for (long id : ids) {
      state.jobs().get(JobId.of(id)).ifPresent(named::add);
    }
    return shown(state, asker, named);
  }

  /** A job by its id, or the tasks of an array; none means that the id is not known to him. */
  public static List<Job> single(ClusterState state, Asker asker, JobId id) {
    Visibility visibility = new Visibility(state, asker);
    List<Job> found = records(state, id);
    if (found.size() == 1 && HetGroups.isLeader(found.get(0))) {
      found = new ArrayList<>(HetGroups.of(state, found.get(0)));
    }
    found.removeIf(job -> !visibility.showsOwner(job));
    return found;
  }

  /** A job, or the records of an array: its first, then the others, the latest first. */
  private static List<Job> records(ClusterState state, JobId id) {
    List<Job> found = new ArrayList<>();
    state.jobs().get(id).ifPresent(found::add);
    List<Job> others = new ArrayList<>();
    for (JobId task : state.arrays().tasksOf(id)) {
      if (!task.equals(id)) {
        others.add(state.jobs().require(task));
      }
    }
    others.sort(Comparator.comparing(JobArrays::place).reversed());
    found.addAll(others);
    return found;
  }

  /**
   * All jobs in slurmctld's order: a task that leaves its array's record takes that record's place,
   * and the record goes to the end.
   */
  private static Iterable<Job> listed(ClusterState state) {
    List<Job> moved = new ArrayList<>();
    for (Job job : state.jobs().values()) {
      if (!JobArrays.place(job).equals(job.id())) {
        moved.add(job);
      }
    }
    if (moved.isEmpty()) {
      return state.jobs().values();
    }
    moved.sort(Comparator.comparing(JobArrays::place));
    List<Job> all = new ArrayList<>(state.jobs().size());
    int next = 0;
    for (Job job : state.jobs().values()) {
      if (!JobArrays.place(job).equals(job.id())) {
        continue;
      }
      while (next < moved.size() && JobArrays.place(moved.get(next)).compareTo(job.id()) < 0) {
        all.add(moved.get(next));
        next++;
      }
      all.add(job);
    }
    all.addAll(moved.subList(next, moved.size()));
    return all;
  }

  /** The states alone: of the jobs asked for, or of all. */
  public static JobStateResponse states(
      ClusterState state, Asker asker, List<JobStateQuery> asked) {
    List<Job> jobs = new ArrayList<>();
    if (asked.isEmpty()) {
      state.jobs().values().forEach(jobs::add);
    }
    for (JobStateQuery query : asked) {
      boolean task = query.arrayTaskId() != NoVal.NO_VAL;
      Optional<JobId> own =
          task ? state.arrays().task(query.jobId(), query.arrayTaskId()) : Optional.empty();
      if (own.isPresent()) {
        jobs.add(state.jobs().require(own.get()));
      } else if (task) {
        state.jobs().get(query.jobId()).filter(job -> standsFor(job, query)).ifPresent(jobs::add);
      } else {
        jobs.addAll(records(state, query.jobId()));
      }
    }
    Visibility visibility = new Visibility(state, asker);
    List<JobState> states = new ArrayList<>();
    for (Job job : jobs) {
      if (visibility.showsOwner(job)) {
        states.add(
            JobState.builder()
                .jobId(job.id())
                .arrayJobId(job.arrayJobId() == null ? JobId.of(0) : job.arrayJobId())
                .arrayTaskId(job.arrayTaskId())
                .arrayTaskIds(JobArrays.isUnsplit(job) ? job.arrayPendingTasks() : null)
                .jobState(job.state().value() | job.stateFlags())
                .build());
      }
    }
    return JobStateResponse.builder().jobs(states).build();
  }

  private static boolean standsFor(Job job, JobStateQuery query) {
    return JobArrays.isUnsplit(job)
        && query.arrayTaskId() < job.arrayPendingTasks().size()
        && job.arrayPendingTasks().get((int) query.arrayTaskId());
  }

  /** How a job looks to an asker. */
  public static JobInfo view(ClusterState state, Job job, Asker asker) {
    return JobView.of(state, job, asker);
  }

  private static List<Job> shown(ClusterState state, Asker asker, Iterable<Job> jobs) {
    Visibility visibility = new Visibility(state, asker);
    List<Job> shown = new ArrayList<>();
    for (Job job : jobs) {
      if (visibility.shows(job)) {
        shown.add(job);
      }
    }
    return shown;
  }
}

package baton.controller.query;

import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.protocol.message.JobInfo;
import baton.protocol.message.JobState;
import baton.protocol.message.JobStateQuery;
import baton.protocol.message.JobStateResponse;
import baton.protocol.type.JobId;
import baton.protocol.type.Uid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Which jobs an asker gets to see, and how each looks. */
public final class JobAnswers {
  private JobAnswers() {}

  /** All jobs. */
  public static List<Job> all(ClusterState state, Asker asker) {
    return shown(state, asker, state.jobs().values());
  }

  /** Those of one user. */
  public static List<Job> ofUser(ClusterState state, Asker asker, Uid user) {
    List<Job> his = new ArrayList<>();
    for (Job job : state.jobs().values()) {
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
    List<Job> found = new ArrayList<>();
    state.jobs().get(id).ifPresent(found::add);
    if (found.isEmpty() || isArray(found.get(0))) {
      for (Job job : state.jobs().values()) {
        if (id.equals(job.arrayJobId()) && !id.equals(job.id())) {
          found.add(job);
        }
      }
    }
    found.removeIf(job -> !visibility.showsOwner(job));
    return found;
  }

  private static boolean isArray(Job job) {
    return job.arrayJobId() != null && job.arrayJobId().value() != 0;
  }

  /** The states alone: of the jobs asked for, or of all. */
  public static JobStateResponse states(
      ClusterState state, Asker asker, List<JobStateQuery> asked) {
    List<Job> jobs = new ArrayList<>();
    if (asked.isEmpty()) {
      state.jobs().values().forEach(jobs::add);
    }
    for (JobStateQuery query : asked) {
      state.jobs().get(query.jobId()).ifPresent(jobs::add);
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
                .jobState(job.state().value() | job.stateFlags())
                .build());
      }
    }
    return JobStateResponse.builder().jobs(states).build();
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

package baton.controller.lifecycle;

import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.protocol.type.JobId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which jobs are the components of one heterogeneous job. */
public final class HetGroups {
  private HetGroups() {}

  /** True for a component, the leader included. */
  public static boolean isComponent(Job job) {
    return job.hetJobId() != null && job.hetJobId().value() != 0;
  }

  /** The leader's id; 0 for a job that is no component. */
  public static JobId leaderOf(Job job) {
    return isComponent(job) ? job.hetJobId() : JobId.of(0);
  }

  /** True for the leader of a heterogeneous job. */
  public static boolean isLeader(Job job) {
    return isComponent(job) && job.hetJobId().equals(job.id());
  }

  /** The job and, if it leads a heterogeneous one, its other components, in order. */
  public static List<Job> of(ClusterState state, Job leader) {
    if (!isLeader(leader)) {
      return List.of(leader);
    }
    List<Job> found = new ArrayList<>();
    // components were accepted together, right after their leader
    for (JobId id = leader.id(); id != null; id = next(state, leader, id)) {
      found.add(state.jobs().require(id));
    }
    if (found.size() < size(leader)) {
      found.clear();
      for (Job job : state.jobs().values()) {
        if (leader.id().equals(job.hetJobId())) {
          found.add(job);
        }
      }
    }
    found.sort(Comparator.comparingLong(Job::hetOffset));
    return found;
  }

  private static JobId next(ClusterState state, Job leader, JobId id) {
    JobId next = JobId.of(id.value() + 1);
    return state
        .jobs()
        .get(next)
        .filter(job -> leader.id().equals(job.hetJobId()))
        .map(Job::id)
        .orElse(null);
  }

  /** How many components the set of ids names. */
  private static int size(Job leader) {
    int size = 0;
    for (String part : leader.hetJobIds().split(",", -1)) {
      int dash = part.indexOf('-');
      size +=
          dash < 0
              ? 1
              : Integer.parseInt(part.substring(dash + 1))
                  - Integer.parseInt(part.substring(0, dash))
                  + 1;
    }
    return size;
  }
}

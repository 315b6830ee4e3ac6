package baton.controller.query;

import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.protocol.message.JobPriority;
import baton.protocol.message.PriorityFactorsRequest;
import baton.protocol.message.PriorityFactorsResponse;
import baton.protocol.type.Release;
import java.util.ArrayList;
import java.util.List;

/**
 * Priorities of waiting jobs as {@code sprio} sees them. priority/basic has no factors: up to 22.05
 * it names no jobs, and from 23.02 on jobs with factors of 0.
 */
public final class PriorityAnswers {
  private PriorityAnswers() {}

  /**
   * The waiting jobs that the asker may see.
   *
   * @param asked what a client of 22.05 selects; null for all
   */
  public static PriorityFactorsResponse of(
      ClusterState state, Asker asker, PriorityFactorsRequest asked) {
    if (!asker.release().atLeast(Release.V23_02) && asked != null) {
      return PriorityFactorsResponse.builder().jobs(null).build();
    }
    Visibility visibility = new Visibility(state, asker);
    List<JobPriority> jobs = new ArrayList<>();
    for (Job job : state.jobs().values()) {
      if (JobLifecycle.isPending(job) && job.priority() != 0 && visibility.shows(job)) {
        jobs.add(of(job));
      }
    }
    return PriorityFactorsResponse.builder().jobs(jobs.isEmpty() ? null : jobs).build();
  }

  private static JobPriority of(Job job) {
    return JobPriority.builder()
        .account(job.request().account())
        .sluid(job.databaseIndex())
        .jobId(job.id())
        .partition(job.partition().value())
        .directPriority(job.prioritySetByAdmin() ? (double) job.priority() : 0)
        .siteFactor(job.request().siteFactor())
        .nice(job.request().nice())
        .qos(job.request().qos())
        .userId(job.request().userId())
        .build();
  }
}

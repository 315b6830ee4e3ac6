package baton.controller.query;

import baton.controller.lifecycle.JobLifecycle;
import baton.controller.lifecycle.Multifactor;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.protocol.message.JobPriority;
import baton.protocol.message.PriorityFactorsRequest;
import baton.protocol.message.PriorityFactorsResponse;
import baton.protocol.type.Longs;
import baton.protocol.type.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Priorities of waiting jobs as {@code sprio} sees them. priority/basic has no factors: up to 22.05
 * it names no jobs, and from 23.02 on jobs with factors of 0.
 */
public final class PriorityAnswers {
  private PriorityAnswers() {}

  /**
   * The waiting jobs that the asker may see; that their partition may be hidden from him, or not
   * for him, does not matter here.
   *
   * @param asked what a client of 22.05 selects; null for all
   */
  public static PriorityFactorsResponse of(
      ClusterState state, Asker asker, PriorityFactorsRequest asked) {
    boolean multifactor = Multifactor.isConfigured(state.config());
    if (!multifactor && !asker.release().atLeast(Release.V23_02) && asked != null) {
      return PriorityFactorsResponse.builder().jobs(null).build();
    }
    Multifactor factors = Multifactor.of(state.config(), state.partitions().values());
    Visibility visibility = new Visibility(state, asker);
    List<JobPriority> jobs = new ArrayList<>();
    for (Job job : state.jobs().values()) {
      boolean counts =
          JobLifecycle.isPending(job)
              || (multifactor && factors.countsRunning() && JobLifecycle.isRunning(job));
      if (counts && job.priority() != 0 && visibility.showsOwner(job) && isEligible(job, asker)) {
        add(state, asker, asked, multifactor ? factors : null, job, jobs);
      }
    }
    return PriorityFactorsResponse.builder().jobs(jobs.isEmpty() ? null : jobs).build();
  }

  /** A job that may not run yet has no priority to be seen. */
  private static boolean isEligible(Job job, Asker asker) {
    if (!job.dependencySatisfied() && JobLifecycle.isPending(job)) {
      return false;
    }
    Instant begin = job.request().beginTime();
    return begin == null || !begin.isAfter(asker.now());
  }

  /** One record for each partition of the job, in the order of their tiers. */
  private static void add(
      ClusterState state,
      Asker asker,
      PriorityFactorsRequest asked,
      Multifactor factors,
      Job job,
      List<JobPriority> jobs) {
    if (!isAsked(asked, job)) {
      return;
    }
    List<PartitionName> names = job.request().partitions();
    if (factors == null || names.size() < 2 || !JobLifecycle.isPending(job)) {
      names = List.of(job.partition());
    }
    Set<String> wanted =
        asked == null || asked.partitions() == null
            ? Set.of()
            : Set.of(asked.partitions().split(","));
    for (PartitionName name : names) {
      if (wanted.isEmpty() || wanted.contains(name.value())) {
        Partition partition = state.partitions().get(name).orElse(null);
        jobs.add(of(job, name, partition, factors, asker.now()));
      }
    }
  }

  private static boolean isAsked(PriorityFactorsRequest asked, Job job) {
    if (asked == null) {
      return true;
    }
    boolean byId = asked.jobIds() == null || contains(asked.jobIds(), job.id().value());
    return byId
        && (asked.userIds() == null || contains(asked.userIds(), job.request().userId().value()));
  }

  private static boolean contains(Longs ids, long id) {
    return ids.size() == 0 || ids.stream().anyMatch(one -> one == id);
  }

  private static JobPriority of(
      Job job, PartitionName name, Partition partition, Multifactor factors, Instant now) {
    JobPriority.Builder priority =
        JobPriority.builder()
            .account(job.request().account())
            .sluid(job.databaseIndex())
            .jobId(job.id())
            .partition(name.value())
            .directPriority(job.prioritySetByAdmin() ? (double) job.priority() : 0)
            .siteFactor(job.request().siteFactor())
            .nice(job.request().nice())
            .qos(job.request().qos())
            .userId(job.request().userId());
    if (factors == null || job.prioritySetByAdmin()) {
      return priority.build();
    }
    Multifactor.Factors parts =
        factors.of(
            job.request(),
            partition,
            job.timeLimitMinutes(),
            factors.accruesAlways() ? job.submitTime() : job.accrueTime(),
            now);
    priority
        .agePriority(parts.age())
        .jobSizePriority(parts.size())
        .partitionPriority(parts.partition());
    if (!parts.tres().isEmpty()) {
      priority
          .tresPriorities(parts.tres())
          .tresCount(Multifactor.TRES.size())
          .tresNames(Multifactor.TRES)
          .tresWeights(factors.tresWeights());
    }
    return priority.build();
  }
}

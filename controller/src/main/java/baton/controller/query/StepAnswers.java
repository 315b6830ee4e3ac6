package baton.controller.query;

import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.SelectPlugin;
import baton.protocol.message.JobStepInfo;
import baton.protocol.message.JobStepInfoResponse;
import baton.protocol.message.StepId;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Steps as {@code squeue -s} and {@code scontrol show step} see them: the batch script of each job
 * that runs.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/slurmctld/step_mgr.c.
 */
public final class StepAnswers {
  /** Id of select/cons_tres, without which squeue 22.05 cannot read the record. */
  private static final long CONS_TRES = 109;

  private static final long BATCH = baton.protocol.type.StepId.BATCH.value();

  private StepAnswers() {}

  /**
   * The steps of all jobs, or of one.
   *
   * @param jobId NO_VAL or 0 for all jobs
   * @param stepId NO_VAL for all steps
   * @return empty if the asker knows no such job
   */
  public static Optional<JobStepInfoResponse> of(
      ClusterState state, Asker asker, JobId jobId, long stepId) {
    Visibility visibility = new Visibility(state, asker);
    boolean all = jobId.value() == NoVal.NO_VAL || jobId.value() == 0;
    boolean found = all;
    List<JobStepInfo> steps = new ArrayList<>();
    for (Job job : state.jobs().values()) {
      boolean asked = all || jobId.equals(job.id()) || jobId.equals(job.arrayJobId());
      if (asked && visibility.shows(job)) {
        found = true;
        boolean active = job.state() == JobState.RUNNING || job.state() == JobState.SUSPENDED;
        if (active && job.request().batch() && (stepId == NoVal.NO_VAL || stepId == BATCH)) {
          steps.add(batch(state, asker, job));
        }
      }
    }
    return found
        ? Optional.of(
            JobStepInfoResponse.builder()
                .stepCount(steps.size())
                .lastUpdate(state.facts().now().getEpochSecond())
                .steps(steps)
                .build())
        : Optional.empty();
  }

  private static JobStepInfo batch(ClusterState state, Asker asker, Job job) {
    long since = job.startTime().getEpochSecond();
    boolean suspended = job.state() == JobState.SUSPENDED;
    Instant until = suspended && job.suspendTime() != null ? job.suspendTime() : asker.now();
    JobStepInfo.Builder step =
        JobStepInfo.builder()
            .selectPluginId(SelectPlugin.idOf(state.config()))
            .arrayJobId(job.arrayJobId() == null ? JobId.of(0) : job.arrayJobId())
            .arrayTaskId(job.arrayTaskId())
            .stepId(
                StepId.builder().sluid(job.databaseIndex()).jobId(job.id()).stepId(BATCH).build())
            .userId(job.request().userId())
            .cpuFrequencyMin(0)
            .cpuFrequencyMax(0)
            .cpuFrequencyGovernor(0)
            .numTasks(1)
            .timeLimit(NoVal.INFINITE)
            .state(job.state().value())
            .startTime(since)
            .runTime(Math.max(0, until.getEpochSecond() - since))
            .cluster(state.config().clusterName())
            .partition(job.partition().value())
            .stepName("batch")
            .selectPluginId(CONS_TRES)
            .startProtocolVersion(job.request().submitProtocolVersion());
    if (asker.release().atLeast(Release.V25_05)) {
      step.jobName(job.request().name());
    }
    if (job.batchHost() != null) {
      step.nodeList(job.batchHost().value())
          .nodeIndexes(NodeLists.bits(state.order(), List.of(job.batchHost())));
    }
    return step.build();
  }
}

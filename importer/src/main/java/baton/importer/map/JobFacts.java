package baton.importer.map;

import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobState;
import baton.controller.model.LaunchState;
import baton.protocol.state.SavedJob;
import baton.protocol.state.SavedJobDetails;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Where a job stands. Allocations, arrays, dependencies and steps have classes of their own. */
final class JobFacts {
  private static final long STATE = 0xff;
  private static final int SUSPENDED = 2;

  private static final Set<Long> REASONS =
      Arrays.stream(JobReason.values()).map(JobReason::value).collect(Collectors.toSet());

  private static final FactTable<SavedJob, SavedJob.Builder, Job, Job.Builder> TABLE =
      new FactTable<SavedJob, SavedJob.Builder, Job, Job.Builder>()
          .add(
              SavedJob::arrayJobId,
              SavedJob.Builder::arrayJobId,
              Job::arrayJobId,
              Job.Builder::arrayJobId)
          .add(
              SavedJob::arrayTaskId,
              SavedJob.Builder::arrayTaskId,
              Job::arrayTaskId,
              Job.Builder::arrayTaskId)
          .add(
              Form.TEXT,
              SavedJob::stateDescription,
              SavedJob.Builder::stateDescription,
              Job::stateDescription,
              Job.Builder::stateDescription)
          .add(SavedJob::priority, SavedJob.Builder::priority, Job::priority, Job.Builder::priority)
          .add(
              Form.FLAG,
              SavedJob::directSetPriority,
              SavedJob.Builder::directSetPriority,
              Job::prioritySetByAdmin,
              Job.Builder::prioritySetByAdmin)
          .add(
              Form.TIME,
              SavedJob::lastScheduleEvaluation,
              SavedJob.Builder::lastScheduleEvaluation,
              Job::lastScheduleTime,
              Job.Builder::lastScheduleTime)
          .add(
              Form.TIME,
              SavedJob::suspendTime,
              SavedJob.Builder::suspendTime,
              Job::suspendTime,
              Job.Builder::suspendTime)
          .add(
              SavedJob::preSuspendTime,
              SavedJob.Builder::preSuspendTime,
              Job::beforeSuspendSeconds,
              Job.Builder::beforeSuspendSeconds)
          .add(
              SavedJob::timeLimit,
              SavedJob.Builder::timeLimit,
              Job::timeLimitMinutes,
              Job.Builder::timeLimitMinutes)
          .add(
              SavedJob::restartCount,
              SavedJob.Builder::restartCount,
              Job::restartCount,
              Job.Builder::restartCount)
          .add(SavedJob::exitCode, SavedJob.Builder::exitCode, Job::exitCode, Job.Builder::exitCode)
          .add(
              SavedJob::derivedExitCode,
              SavedJob.Builder::derivedExitCode,
              Job::derivedExitCode,
              Job.Builder::derivedExitCode)
          .add(
              Form.NODE,
              SavedJob::batchHost,
              SavedJob.Builder::batchHost,
              Job::batchHost,
              Job.Builder::batchHost)
          .add(
              Form.NODE,
              SavedJob::failedNode,
              SavedJob.Builder::failedNode,
              Job::failedNode,
              Job.Builder::failedNode)
          .add(
              SavedJob::databaseIndex,
              SavedJob.Builder::databaseIndex,
              Job::databaseIndex,
              Job.Builder::databaseIndex)
          .add(
              SavedJob::nextStepId,
              SavedJob.Builder::nextStepId,
              Job::nextStepId,
              Job.Builder::nextStepId)
          .add(SavedJob::hetJobId, SavedJob.Builder::hetJobId, Job::hetJobId, Job.Builder::hetJobId)
          .add(
              Form.NONE_IS_ZERO,
              SavedJob::hetJobOffset,
              SavedJob.Builder::hetJobOffset,
              Job::hetOffset,
              Job.Builder::hetOffset)
          .add(
              Form.TEXT,
              SavedJob::hetJobIdSet,
              SavedJob.Builder::hetJobIdSet,
              Job::hetJobIds,
              Job.Builder::hetJobIds)
          .add(
              Form.TIME,
              SavedJob::resizeTime,
              SavedJob.Builder::resizeTime,
              Job::resizeTime,
              Job.Builder::resizeTime)
          .add(
              SavedJob::jobState,
              SavedJob.Builder::jobState,
              job -> job.state().value() | job.stateFlags(),
              (job, state) -> job.state(state(state)).stateFlags(state & ~STATE))
          .add(
              new Form<>(JobFacts::reason, JobReason::value),
              SavedJob::stateReason,
              SavedJob.Builder::stateReason,
              Job::reason,
              Job.Builder::reason)
          .add(
              saved -> Math.max(0, saved.batchFlag() - 1),
              (saved, failures) -> saved.batchFlag(saved.batchFlag() == 0 ? 0 : failures + 1),
              Job::batchFailures,
              Job.Builder::batchFailures)
          .add(
              Form.NODES,
              SavedJob::nodesCompleting,
              SavedJob.Builder::nodesCompleting,
              Job::completingNodes,
              Job.Builder::completingNodes)
          .add(
              Form.NODES,
              SavedJob::nodesInProlog,
              SavedJob.Builder::nodesInProlog,
              Job::prologNodes,
              Job.Builder::prologNodes)
          // of a job that waits the same place tells when it may start
          .add(
              saved -> isPending(saved) ? Form.TIME.read(saved.startTime()) : null,
              (saved, time) -> saved.startTime(Form.TIME.write(time)),
              Job::expectedStart,
              Job.Builder::expectedStart)
          .add(
              saved -> isPending(saved) ? null : Form.TIME.read(saved.startTime()),
              (saved, time) -> saved.startTime(Form.TIME.write(time)),
              Job::startTime,
              Job.Builder::startTime)
          .add(
              saved -> isPending(saved) ? null : Form.TIME.read(saved.endTime()),
              (saved, time) -> saved.endTime(Form.TIME.write(time)),
              Job::endTime,
              Job.Builder::endTime);

  private static final FactTable<SavedJobDetails, SavedJobDetails.Builder, Job, Job.Builder>
      DETAILS =
          new FactTable<SavedJobDetails, SavedJobDetails.Builder, Job, Job.Builder>()
              .add(
                  Form.TIME,
                  SavedJobDetails::submitTime,
                  SavedJobDetails.Builder::submitTime,
                  Job::submitTime,
                  Job.Builder::submitTime)
              .add(
                  Form.TIME,
                  SavedJobDetails::accrueTime,
                  SavedJobDetails.Builder::accrueTime,
                  Job::accrueTime,
                  Job.Builder::accrueTime)
              .add(
                  Form.TIME,
                  SavedJobDetails::beginTime,
                  SavedJobDetails.Builder::beginTime,
                  JobFacts::begin,
                  Job.Builder::eligibleTime);

  private JobFacts() {}

  static void take(SavedJob saved, Job.Builder job) {
    if (saved.details() == null) {
      throw new Unmappable("says nothing of what was asked for");
    }
    TABLE.take(saved, job);
    DETAILS.take(saved.details(), job);
    job.id(saved.jobId()).launchState(launchState(saved));
    job.partition(RequestFacts.partitions(saved.partition()).get(0));
    if (!isPending(saved)) {
      Instant start = Form.TIME.read(saved.startTime());
      job.launchTime(start).launchAnswerTime(start);
    }
  }

  static void update(Job now, SavedJob was, SavedJob.Builder saved) {
    TABLE.update(now, was, saved);
    SavedJobDetails.Builder details = was.details().toBuilder();
    DETAILS.update(now, was.details(), details);
    DetailFacts.update(now.request(), was.details(), details);
    saved.details(details.build());
  }

  /** One place tells both when it may start, and since when it could have. */
  private static Instant begin(Job job) {
    return job.eligibleTime() == null ? job.request().beginTime() : job.eligibleTime();
  }

  /**
   * A launch that slurmctld saved nothing of was sent: if it was not, its node will not show the
   * script, and the job is requeued as one that was lost.
   */
  private static LaunchState launchState(SavedJob saved) {
    boolean launched = saved.batchFlag() != 0 && !isPending(saved);
    if (!launched) {
      return LaunchState.NONE;
    }
    return (saved.jobState() & STATE) > SUSPENDED ? LaunchState.ENDED : LaunchState.ACCEPTED;
  }

  private static boolean isPending(SavedJob saved) {
    return (saved.jobState() & STATE) == JobState.PENDING.value();
  }

  private static JobState state(long value) {
    try {
      return JobState.of(value & STATE);
    } catch (IllegalArgumentException e) {
      throw new Unmappable("has state " + (value & STATE) + ", which is none");
    }
  }

  /** A limit that is not honoured yet is no reason to wait: the job is judged anew. */
  private static JobReason reason(long value) {
    return isKnownReason(value) ? JobReason.of(value) : JobReason.NONE;
  }

  static boolean isKnownReason(long value) {
    return REASONS.contains(value);
  }
}

package baton.importer.map;

import baton.controller.model.JobRequest;
import baton.controller.model.PartitionName;
import baton.controller.model.RequestFlag;
import baton.protocol.state.SavedJob;
import baton.protocol.type.NoVal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What a job's record itself says of what was asked; the rest is in {@link DetailFacts}. */
final class RequestFacts {
  private static final long NICE_OFFSET = 0x80000000L;

  /** Bits that the model tells from elsewhere; they stay as they were saved. */
  private static final long DERIVED =
      RequestFlag.PARTITION_ASSIGNED
          | RequestFlag.DEPENDENT
          | RequestFlag.WAS_RUNNING
          | RequestFlag.USAGE_ADDED_UP;

  private static final FactTable<SavedJob, SavedJob.Builder, JobRequest, JobRequest.Builder> TABLE =
      new FactTable<SavedJob, SavedJob.Builder, JobRequest, JobRequest.Builder>()
          .add(
              Form.TEXT,
              SavedJob::name,
              SavedJob.Builder::name,
              JobRequest::name,
              JobRequest.Builder::name)
          .add(
              SavedJob::userId,
              SavedJob.Builder::userId,
              JobRequest::userId,
              JobRequest.Builder::userId)
          .add(
              SavedJob::groupId,
              SavedJob.Builder::groupId,
              JobRequest::groupId,
              JobRequest.Builder::groupId)
          .add(
              Form.TEXT,
              SavedJob::userName,
              SavedJob.Builder::userName,
              JobRequest::userName,
              JobRequest.Builder::userName)
          .add(
              Form.TEXT,
              SavedJob::account,
              SavedJob.Builder::account,
              JobRequest::account,
              JobRequest.Builder::account)
          .add(
              Form.TEXT,
              SavedJob::wckey,
              SavedJob.Builder::wckey,
              JobRequest::wckey,
              JobRequest.Builder::wckey)
          .add(
              Form.TEXT,
              SavedJob::comment,
              SavedJob.Builder::comment,
              JobRequest::comment,
              JobRequest.Builder::comment)
          .add(
              Form.TEXT,
              SavedJob::adminComment,
              SavedJob.Builder::adminComment,
              JobRequest::adminComment,
              JobRequest.Builder::adminComment)
          .add(
              Form.TEXT,
              SavedJob::extra,
              SavedJob.Builder::extra,
              JobRequest::extra,
              JobRequest.Builder::extra)
          .add(
              Form.TEXT,
              SavedJob::batchFeatures,
              SavedJob.Builder::batchFeatures,
              JobRequest::batchFeatures,
              JobRequest.Builder::batchFeatures)
          .add(
              Form.TEXT,
              SavedJob::licenses,
              SavedJob.Builder::licenses,
              JobRequest::licenses,
              JobRequest.Builder::licenses)
          .add(
              Form.TEXT,
              SavedJob::reservation,
              SavedJob.Builder::reservation,
              JobRequest::reservation,
              JobRequest.Builder::reservation)
          .add(
              Form.TEXT,
              SavedJob::network,
              SavedJob.Builder::network,
              JobRequest::network,
              JobRequest.Builder::network)
          .add(
              Form.TEXT,
              SavedJob::mcsLabel,
              SavedJob.Builder::mcsLabel,
              JobRequest::mcsLabel,
              JobRequest.Builder::mcsLabel)
          .add(
              Form.TEXT,
              SavedJob::burstBuffer,
              SavedJob.Builder::burstBuffer,
              JobRequest::burstBuffer,
              JobRequest.Builder::burstBuffer)
          .add(
              Form.TEXT,
              SavedJob::container,
              SavedJob.Builder::container,
              JobRequest::container,
              JobRequest.Builder::container)
          .add(
              Form.TEXT,
              SavedJob::containerId,
              SavedJob.Builder::containerId,
              JobRequest::containerId,
              JobRequest.Builder::containerId)
          .add(
              Form.TEXT,
              SavedJob::allocationNode,
              SavedJob.Builder::allocationNode,
              JobRequest::submitHost,
              JobRequest.Builder::submitHost)
          .add(
              SavedJob::allocationSessionId,
              SavedJob.Builder::allocationSessionId,
              JobRequest::submitSessionId,
              JobRequest.Builder::submitSessionId)
          .add(
              Form.FLAG,
              SavedJob::reboot,
              SavedJob.Builder::reboot,
              JobRequest::reboot,
              JobRequest.Builder::reboot)
          .add(
              Form.FLAG,
              SavedJob::killOnNodeFail,
              SavedJob.Builder::killOnNodeFail,
              JobRequest::killOnNodeFail,
              JobRequest.Builder::killOnNodeFail)
          .add(
              SavedJob::mailType,
              SavedJob.Builder::mailType,
              JobRequest::mailType,
              JobRequest.Builder::mailType)
          .add(
              SavedJob::requiredSwitches,
              SavedJob.Builder::requiredSwitches,
              JobRequest::nodeSwitches,
              JobRequest.Builder::nodeSwitches)
          .add(
              SavedJob::waitForSwitches,
              SavedJob.Builder::waitForSwitches,
              JobRequest::waitForSwitchesSeconds,
              JobRequest.Builder::waitForSwitchesSeconds)
          .add(
              Form.TEXT,
              SavedJob::tresPerJob,
              SavedJob.Builder::tresPerJob,
              JobRequest::tresPerJob,
              JobRequest.Builder::tresPerJob)
          .add(
              Form.TEXT,
              SavedJob::tresPerNode,
              SavedJob.Builder::tresPerNode,
              JobRequest::tresPerNode,
              JobRequest.Builder::tresPerNode)
          .add(
              Form.TEXT,
              SavedJob::tresPerSocket,
              SavedJob.Builder::tresPerSocket,
              JobRequest::tresPerSocket,
              JobRequest.Builder::tresPerSocket)
          .add(
              Form.TEXT,
              SavedJob::tresPerTask,
              SavedJob.Builder::tresPerTask,
              JobRequest::tresPerTask,
              JobRequest.Builder::tresPerTask)
          .add(
              Form.TEXT,
              SavedJob::cpusPerTres,
              SavedJob.Builder::cpusPerTres,
              JobRequest::cpusPerTres,
              JobRequest.Builder::cpusPerTres)
          .add(
              Form.TEXT,
              SavedJob::memoryPerTres,
              SavedJob.Builder::memoryPerTres,
              JobRequest::memoryPerTres,
              JobRequest.Builder::memoryPerTres)
          .add(
              Form.TEXT,
              SavedJob::tresBind,
              SavedJob.Builder::tresBind,
              JobRequest::tresBind,
              JobRequest.Builder::tresBind)
          .add(
              Form.TEXT,
              SavedJob::tresFrequency,
              SavedJob.Builder::tresFrequency,
              JobRequest::tresFrequency,
              JobRequest.Builder::tresFrequency)
          .add(
              Form.NONE_IS_ZERO,
              SavedJob::timeMin,
              SavedJob.Builder::timeMin,
              JobRequest::timeMinMinutes,
              JobRequest.Builder::timeMinMinutes)
          .add(
              Form.TIME,
              SavedJob::deadline,
              SavedJob.Builder::deadline,
              JobRequest::deadline,
              JobRequest.Builder::deadline)
          .add(
              Form.NONE_IS_ZERO,
              SavedJob::delayBoot,
              SavedJob.Builder::delayBoot,
              JobRequest::delayBootSeconds,
              JobRequest.Builder::delayBootSeconds)
          .add(
              SavedJob::warnSignal,
              SavedJob.Builder::warnSignal,
              JobRequest::warnSignal,
              JobRequest.Builder::warnSignal)
          .add(
              SavedJob::warnTime,
              SavedJob.Builder::warnTime,
              JobRequest::warnTimeSeconds,
              JobRequest.Builder::warnTimeSeconds)
          .add(
              SavedJob::warnFlags,
              SavedJob.Builder::warnFlags,
              JobRequest::warnFlags,
              JobRequest.Builder::warnFlags)
          .add(
              SavedJob::profile,
              SavedJob.Builder::profile,
              JobRequest::profile,
              JobRequest.Builder::profile)
          .add(
              SavedJob::waitAllNodes,
              SavedJob.Builder::waitAllNodes,
              JobRequest::waitAllNodes,
              JobRequest.Builder::waitAllNodes)
          .add(
              SavedJob::spankEnvironment,
              SavedJob.Builder::spankEnvironment,
              JobRequest::spankEnvironment,
              JobRequest.Builder::spankEnvironment)
          .add(
              Form.TEXT,
              SavedJob::responseHost,
              SavedJob.Builder::responseHost,
              JobRequest::responseHost,
              JobRequest.Builder::responseHost)
          .add(
              SavedJob::allocationResponsePort,
              SavedJob.Builder::allocationResponsePort,
              JobRequest::responsePort,
              JobRequest.Builder::responsePort)
          .add(
              SavedJob::otherPort,
              SavedJob.Builder::otherPort,
              JobRequest::otherPort,
              JobRequest.Builder::otherPort)
          .add(
              Form.TEXT,
              SavedJob::originCluster,
              SavedJob.Builder::originCluster,
              JobRequest::originCluster,
              JobRequest.Builder::originCluster)
          .add(
              SavedJob::startProtocolVersion,
              SavedJob.Builder::startProtocolVersion,
              JobRequest::submitProtocolVersion,
              JobRequest.Builder::submitProtocolVersion)
          .add(
              Form.TEXT,
              SavedJob::selinuxContext,
              SavedJob.Builder::selinuxContext,
              JobRequest::selinuxContext,
              JobRequest.Builder::selinuxContext)
          .add(
              new Form<>(RequestFacts::partitions, RequestFacts::text),
              SavedJob::partition,
              SavedJob.Builder::partition,
              JobRequest::partitions,
              JobRequest.Builder::partitions)
          .add(
              new Form<Long, Long>(
                  factor -> factor == NoVal.NO_VAL ? NICE_OFFSET : factor, factor -> factor),
              SavedJob::siteFactor,
              SavedJob.Builder::siteFactor,
              JobRequest::siteFactor,
              JobRequest.Builder::siteFactor)
          .add(
              saved -> saved.batchFlag() != 0,
              (saved, batch) -> saved.batchFlag(batch ? Math.max(1, saved.batchFlag()) : 0),
              JobRequest::batch,
              JobRequest.Builder::batch)
          .add(
              saved -> saved.bitFlags() & ~DERIVED,
              (saved, flags) -> saved.bitFlags((saved.bitFlags() & DERIVED) | flags),
              JobRequest::bitFlags,
              JobRequest.Builder::bitFlags)
          .add(
              saved -> (saved.bitFlags() & RequestFlag.PARTITION_ASSIGNED) == 0,
              (saved, given) ->
                  saved.bitFlags(
                      given
                          ? saved.bitFlags() & ~RequestFlag.PARTITION_ASSIGNED
                          : saved.bitFlags() | RequestFlag.PARTITION_ASSIGNED),
              JobRequest::partitionGiven,
              JobRequest.Builder::partitionGiven)
          // slurmctld puts the owner in where no address was given
          .add(
              saved ->
                  saved.mailUser() == null || saved.mailUser().equals(saved.userName())
                      ? null
                      : saved.mailUser(),
              (saved, user) -> saved.mailUser(user == null ? saved.userName() : user),
              JobRequest::mailUser,
              JobRequest.Builder::mailUser);

  private RequestFacts() {}

  static void take(SavedJob saved, JobRequest.Builder request) {
    TABLE.take(saved, request);
    // a limit has one place only; what it was before the job started is not known
    request.timeLimitMinutes(saved.timeLimit());
    request.priorityAsked(saved.directSetPriority() != 0 ? saved.priority() : NoVal.NO_VAL);
  }

  static void update(JobRequest now, SavedJob was, SavedJob.Builder saved) {
    TABLE.update(now, was, saved);
  }

  /** Those asked for, in that order; of a job that has started the one that it is in. */
  static List<PartitionName> partitions(String names) {
    if (names == null || names.isEmpty()) {
      throw new Unmappable("is in no partition");
    }
    return Arrays.stream(names.split(",", -1))
        .filter(name -> !name.isEmpty())
        .map(PartitionName::of)
        .toList();
  }

  private static String text(List<PartitionName> names) {
    return names.stream().map(PartitionName::value).collect(Collectors.joining(","));
  }
}

package baton.importer.map;

import baton.controller.model.JobRequest;
import baton.protocol.message.MultiCoreData;
import baton.protocol.state.SavedJobDetails;
import baton.protocol.type.NoVal;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * What a job asked for. Of sizes that slurmctld raises once it knows the nodes, what was asked for
 * counts: that is what a job starts from again when it is requeued.
 */
final class DetailFacts {
  private static final long PER_CPU = 0x8000000000000000L;
  private static final int PRESENT = 0xff;
  private static final int EXCLUSIVE = 0;
  private static final int SHARED = 1;
  private static final int WHOLE_FOR_USER = 2;
  private static final int WHOLE_FOR_LABEL = 3;

  private static final FactTable<
          SavedJobDetails, SavedJobDetails.Builder, JobRequest, JobRequest.Builder>
      TABLE =
          new FactTable<SavedJobDetails, SavedJobDetails.Builder, JobRequest, JobRequest.Builder>()
              .add(
                  Form.TEXT,
                  SavedJobDetails::clusterFeatures,
                  SavedJobDetails.Builder::clusterFeatures,
                  JobRequest::clusterFeatures,
                  JobRequest.Builder::clusterFeatures)
              .add(
                  SavedJobDetails::cpuFrequencyMin,
                  SavedJobDetails.Builder::cpuFrequencyMin,
                  JobRequest::cpuFrequencyMin,
                  JobRequest.Builder::cpuFrequencyMin)
              .add(
                  SavedJobDetails::cpuFrequencyMax,
                  SavedJobDetails.Builder::cpuFrequencyMax,
                  JobRequest::cpuFrequencyMax,
                  JobRequest.Builder::cpuFrequencyMax)
              .add(
                  SavedJobDetails::cpuFrequencyGovernor,
                  SavedJobDetails.Builder::cpuFrequencyGovernor,
                  JobRequest::cpuFrequencyGovernor,
                  JobRequest.Builder::cpuFrequencyGovernor)
              .add(
                  SavedJobDetails::nice,
                  SavedJobDetails.Builder::nice,
                  JobRequest::nice,
                  JobRequest.Builder::nice)
              .add(
                  SavedJobDetails::ntasksPerNode,
                  SavedJobDetails.Builder::ntasksPerNode,
                  JobRequest::tasksPerNode,
                  JobRequest.Builder::tasksPerNode)
              .add(
                  Form.FLAG,
                  SavedJobDetails::requeue,
                  SavedJobDetails.Builder::requeue,
                  JobRequest::requeue,
                  JobRequest.Builder::requeue)
              .add(
                  Form.TEXT,
                  SavedJobDetails::workDirectory,
                  SavedJobDetails.Builder::workDirectory,
                  JobRequest::workDir,
                  JobRequest.Builder::workDir)
              .add(
                  SavedJobDetails::originalMinCpus,
                  SavedJobDetails.Builder::originalMinCpus,
                  JobRequest::minCpus,
                  JobRequest.Builder::minCpus)
              .add(
                  SavedJobDetails::minNodes,
                  SavedJobDetails.Builder::minNodes,
                  JobRequest::minNodes,
                  JobRequest.Builder::minNodes)
              .add(
                  SavedJobDetails::maxNodes,
                  SavedJobDetails.Builder::maxNodes,
                  JobRequest::maxNodes,
                  JobRequest.Builder::maxNodes)
              .add(
                  Form.FLAG,
                  SavedJobDetails::contiguous,
                  SavedJobDetails.Builder::contiguous,
                  JobRequest::contiguous,
                  JobRequest.Builder::contiguous)
              .add(
                  SavedJobDetails::coreSpecification,
                  SavedJobDetails.Builder::coreSpecification,
                  JobRequest::coreSpecialization,
                  JobRequest.Builder::coreSpecialization)
              .add(
                  SavedJobDetails::taskDistribution,
                  SavedJobDetails.Builder::taskDistribution,
                  JobRequest::taskDistribution,
                  JobRequest.Builder::taskDistribution)
              .add(
                  Form.TEXT,
                  SavedJobDetails::cpuBind,
                  SavedJobDetails.Builder::cpuBind,
                  JobRequest::cpuBind,
                  JobRequest.Builder::cpuBind)
              .add(
                  SavedJobDetails::cpuBindType,
                  SavedJobDetails.Builder::cpuBindType,
                  JobRequest::cpuBindType,
                  JobRequest.Builder::cpuBindType)
              .add(
                  Form.TEXT,
                  SavedJobDetails::memoryBind,
                  SavedJobDetails.Builder::memoryBind,
                  JobRequest::memoryBind,
                  JobRequest.Builder::memoryBind)
              .add(
                  SavedJobDetails::memoryBindType,
                  SavedJobDetails.Builder::memoryBindType,
                  JobRequest::memoryBindType,
                  JobRequest.Builder::memoryBindType)
              .add(
                  SavedJobDetails::openMode,
                  SavedJobDetails.Builder::openMode,
                  JobRequest::openMode,
                  JobRequest.Builder::openMode)
              .add(
                  Form.FLAG,
                  SavedJobDetails::overcommit,
                  SavedJobDetails.Builder::overcommit,
                  JobRequest::overcommit,
                  JobRequest.Builder::overcommit)
              .add(
                  Form.NONE_IS_ZERO,
                  SavedJobDetails::minTmpDiskPerNode,
                  SavedJobDetails.Builder::minTmpDiskPerNode,
                  JobRequest::minTmpDiskMiB,
                  JobRequest.Builder::minTmpDiskMiB)
              .add(
                  Form.TEXT,
                  SavedJobDetails::requiredNodes,
                  SavedJobDetails.Builder::requiredNodes,
                  JobRequest::requiredNodes,
                  JobRequest.Builder::requiredNodes)
              .add(
                  Form.TEXT,
                  SavedJobDetails::excludedNodes,
                  SavedJobDetails.Builder::excludedNodes,
                  JobRequest::excludedNodes,
                  JobRequest.Builder::excludedNodes)
              .add(
                  Form.TEXT,
                  SavedJobDetails::features,
                  SavedJobDetails.Builder::features,
                  JobRequest::features,
                  JobRequest.Builder::features)
              .add(
                  Form.TEXT,
                  SavedJobDetails::prefer,
                  SavedJobDetails.Builder::prefer,
                  JobRequest::prefer,
                  JobRequest.Builder::prefer)
              .add(
                  Form.TEXT,
                  SavedJobDetails::standardError,
                  SavedJobDetails.Builder::standardError,
                  JobRequest::standardError,
                  JobRequest.Builder::standardError)
              .add(
                  Form.TEXT,
                  SavedJobDetails::standardInput,
                  SavedJobDetails.Builder::standardInput,
                  JobRequest::standardInput,
                  JobRequest.Builder::standardInput)
              .add(
                  Form.TEXT,
                  SavedJobDetails::standardOutput,
                  SavedJobDetails.Builder::standardOutput,
                  JobRequest::standardOutput,
                  JobRequest.Builder::standardOutput)
              .add(
                  Form.TEXT,
                  SavedJobDetails::submitLine,
                  SavedJobDetails.Builder::submitLine,
                  JobRequest::submitLine,
                  JobRequest.Builder::submitLine)
              .add(
                  new Form<Long, Long>(
                      cpus -> cpus == 0 ? NoVal.NO_VAL : cpus,
                      cpus -> cpus == NoVal.NO_VAL ? 0 : cpus),
                  SavedJobDetails::originalMaxCpus,
                  SavedJobDetails.Builder::originalMaxCpus,
                  JobRequest::maxCpus,
                  JobRequest.Builder::maxCpus)
              .add(
                  new Form<Long, Long>(
                      tasks -> tasks == 0 ? NoVal.NO_VAL : tasks,
                      tasks -> tasks == NoVal.NO_VAL ? 0 : tasks),
                  SavedJobDetails::taskCount,
                  SavedJobDetails.Builder::taskCount,
                  JobRequest::taskCount,
                  JobRequest.Builder::taskCount)
              .add(
                  new Form<Integer, Integer>(
                      cpus -> cpus == 0 ? NoVal.NO_VAL16 : cpus, cpus -> cpus),
                  SavedJobDetails::originalCpusPerTask,
                  SavedJobDetails.Builder::originalCpusPerTask,
                  JobRequest::cpusPerTask,
                  JobRequest.Builder::cpusPerTask)
              .add(
                  new Form<Long, Integer>(
                      cpus -> (int) Math.min(NoVal.NO_VAL16 - 1, Math.max(1, cpus)),
                      Integer::longValue),
                  SavedJobDetails::originalMinCpusPerNode,
                  SavedJobDetails.Builder::originalMinCpusPerNode,
                  JobRequest::minCpusPerNode,
                  JobRequest.Builder::minCpusPerNode)
              .add(
                  saved -> saved.originalMinMemoryPerNode() & ~PER_CPU,
                  (saved, memory) ->
                      saved.originalMinMemoryPerNode(
                          (saved.originalMinMemoryPerNode() & PER_CPU) | memory),
                  JobRequest::memoryMiB,
                  JobRequest.Builder::memoryMiB)
              .add(
                  saved -> (saved.originalMinMemoryPerNode() & PER_CPU) != 0,
                  (saved, perCpu) ->
                      saved.originalMinMemoryPerNode(
                          perCpu
                              ? saved.originalMinMemoryPerNode() | PER_CPU
                              : saved.originalMinMemoryPerNode() & ~PER_CPU),
                  JobRequest::memoryPerCpu,
                  JobRequest.Builder::memoryPerCpu)
              .add(
                  DetailFacts::shareMode,
                  DetailFacts::share,
                  JobRequest::shareMode,
                  JobRequest.Builder::shareMode)
              .add(
                  core(MultiCoreData::boardsPerNode, true),
                  into(MultiCoreData.Builder::boardsPerNode),
                  JobRequest::boardsPerNode,
                  JobRequest.Builder::boardsPerNode)
              .add(
                  core(MultiCoreData::socketsPerBoard, true),
                  into(MultiCoreData.Builder::socketsPerBoard),
                  JobRequest::socketsPerBoard,
                  JobRequest.Builder::socketsPerBoard)
              .add(
                  core(MultiCoreData::socketsPerNode, false),
                  into(MultiCoreData.Builder::socketsPerNode),
                  JobRequest::socketsPerNode,
                  JobRequest.Builder::socketsPerNode)
              .add(
                  core(MultiCoreData::coresPerSocket, false),
                  into(MultiCoreData.Builder::coresPerSocket),
                  JobRequest::coresPerSocket,
                  JobRequest.Builder::coresPerSocket)
              .add(
                  core(MultiCoreData::threadsPerCore, false),
                  into(MultiCoreData.Builder::threadsPerCore),
                  JobRequest::threadsPerCore,
                  JobRequest.Builder::threadsPerCore)
              .add(
                  core(MultiCoreData::ntasksPerBoard, false),
                  into(MultiCoreData.Builder::ntasksPerBoard),
                  JobRequest::tasksPerBoard,
                  JobRequest.Builder::tasksPerBoard)
              .add(
                  core(MultiCoreData::ntasksPerSocket, false),
                  into(MultiCoreData.Builder::ntasksPerSocket),
                  JobRequest::tasksPerSocket,
                  JobRequest.Builder::tasksPerSocket)
              .add(
                  core(MultiCoreData::ntasksPerCore, false),
                  into(MultiCoreData.Builder::ntasksPerCore),
                  JobRequest::tasksPerCore,
                  JobRequest.Builder::tasksPerCore)
              .add(
                  core(MultiCoreData::planeSize, true),
                  into(MultiCoreData.Builder::planeSize),
                  JobRequest::planeSize,
                  JobRequest.Builder::planeSize)
              .add(
                  SavedJobDetails::arguments,
                  SavedJobDetails.Builder::arguments,
                  JobRequest::arguments,
                  JobRequest.Builder::arguments);

  private DetailFacts() {}

  static void take(SavedJobDetails saved, JobRequest.Builder request) {
    TABLE.take(saved, request);
    request.command(saved.arguments().isEmpty() ? null : saved.arguments().get(0));
  }

  static void update(JobRequest now, SavedJobDetails was, SavedJobDetails.Builder saved) {
    TABLE.update(now, was, saved);
  }

  /**
   * A number of the layout that was asked for.
   *
   * @param zeroIsNone true where slurmctld keeps 0 for what was not said
   */
  private static Function<SavedJobDetails, Integer> core(
      ToIntFunction<MultiCoreData> field, boolean zeroIsNone) {
    return saved -> {
      int value = field.applyAsInt(saved.multiCore());
      return zeroIsNone && value == 0 ? NoVal.NO_VAL16 : value;
    };
  }

  private static BiConsumer<SavedJobDetails.Builder, Integer> into(
      BiConsumer<MultiCoreData.Builder, Integer> field) {
    return (saved, value) -> {
      MultiCoreData.Builder layout = saved.multiCore().toBuilder().mark(PRESENT);
      field.accept(layout, value);
      saved.multiCore(layout.build());
    };
  }

  private static int shareMode(SavedJobDetails saved) {
    if (saved.shareResources() == SHARED) {
      return SHARED;
    }
    if (saved.shareResources() == EXCLUSIVE) {
      return EXCLUSIVE;
    }
    boolean forSome = saved.wholeNode() == WHOLE_FOR_USER || saved.wholeNode() == WHOLE_FOR_LABEL;
    return forSome ? saved.wholeNode() : NoVal.NO_VAL16;
  }

  private static void share(SavedJobDetails.Builder saved, int mode) {
    boolean plain = mode == EXCLUSIVE || mode == SHARED;
    saved.shareResources(plain ? mode : NoVal.NO_VAL8);
    boolean forSome = mode == WHOLE_FOR_USER || mode == WHOLE_FOR_LABEL;
    saved.wholeNode(forSome ? mode : mode == EXCLUSIVE ? 1 : 0);
  }
}

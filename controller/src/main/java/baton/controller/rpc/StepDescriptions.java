package baton.controller.rpc;

import baton.controller.model.StepRequest;
import baton.protocol.message.JobStepCreateRequest;
import baton.protocol.type.Uid;

/** What srun asks of a step, in the model's terms. Pure; any thread. */
final class StepDescriptions {
  /** Nobody, as srun from 24.05 on names itself: it is whoever the credential says. */
  private static final Uid NOBODY = Uid.of(99);

  private StepDescriptions() {}

  static StepRequest request(JobStepCreateRequest asked, Uid caller) {
    return StepRequest.builder()
        .stepId(asked.stepId().stepId())
        .hetComponent(asked.stepId().stepHetComponent())
        .userId(asked.userId().equals(NOBODY) ? caller : asked.userId())
        .minNodes(asked.minNodes())
        .maxNodes(asked.maxNodes())
        .cpuCount(asked.cpuCount())
        .taskCount(asked.taskCount())
        .memory(asked.minMemoryPerNodeMib())
        .timeLimitMinutes(asked.timeLimitMinutes())
        .threadsPerCore(asked.threadsPerCore())
        .tasksPerCore(asked.tasksPerCore())
        .relative(asked.relative())
        .taskDistribution(asked.taskDistribution())
        .planeSize(asked.planeSize())
        .port(asked.port())
        .host(asked.host())
        .srunPid(asked.srunPid())
        .reservedPortCount(asked.reservedPortCount())
        .flags(asked.flags())
        .name(asked.name())
        .network(asked.network())
        .nodes(orNull(asked.nodeList()))
        .excludedNodes(orNull(asked.excludedNodes()))
        .features(orNull(asked.features()))
        .container(asked.container())
        .containerId(asked.containerId())
        .cpuFrequencyMin(asked.cpuFrequencyMin())
        .cpuFrequencyMax(asked.cpuFrequencyMax())
        .cpuFrequencyGovernor(asked.cpuFrequencyGovernor())
        .cpusPerTres(asked.cpusPerTres())
        .memoryPerTres(asked.memoryPerTres())
        .tresBind(asked.tresBind())
        .tresFrequency(asked.tresFrequency())
        .tresPerStep(asked.tresPerStep())
        .tresPerNode(asked.tresPerNode())
        .tresPerSocket(asked.tresPerSocket())
        .tresPerTask(asked.tresPerTask())
        .submitLine(asked.submitLine())
        .workDir(asked.workDirectory())
        .standardError(asked.standardError())
        .standardInput(asked.standardInput())
        .standardOutput(asked.standardOutput())
        .build();
  }

  private static String orNull(String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}

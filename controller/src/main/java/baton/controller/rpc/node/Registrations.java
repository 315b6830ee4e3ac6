package baton.controller.rpc.node;

import baton.controller.model.ClusterState;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.NodeRegistration;
import baton.controller.model.RunningStep;
import baton.controller.rpc.WireTimes;
import baton.protocol.message.NodeRegistrationResponse;
import baton.protocol.message.NodeRegistrationStatus;
import baton.protocol.message.StepId;
import baton.protocol.message.TresRecord;
import baton.protocol.type.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A registration in the model's terms, and what it is answered. Pure; any thread. */
final class Registrations {
  private static final int STARTUP = 1 << 1;

  private Registrations() {}

  /**
   * What a slurmd said.
   *
   * @param now from which its uptime counts back
   */
  static NodeRegistration of(NodeRegistrationStatus said, Release release, Instant now) {
    List<RunningStep> steps = new ArrayList<>();
    for (StepId step : said.steps()) {
      steps.add(
          RunningStep.builder()
              .jobId(step.jobId())
              .stepId(step.stepId())
              .hetComponent(step.stepHetComponent())
              .sluid(step.sluid())
              .build());
    }
    return NodeRegistration.builder()
        .node(NodeName.of(said.nodeName()))
        .protocolVersion(release.protocolVersion())
        .version(said.version())
        .architecture(said.architecture())
        .operatingSystem(said.operatingSystem())
        .cpus(said.cpus())
        .boards(said.boards())
        .sockets(said.sockets())
        .coresPerSocket(said.coresPerSocket())
        .threadsPerCore(said.threadsPerCore())
        .realMemoryMiB(said.realMemoryMib())
        .tmpDiskMiB(said.tmpDiskMib())
        .cpuLoad(said.cpuLoad())
        .freeMemoryMiB(said.freeMemoryMib())
        .bootTime(now.minusSeconds(said.uptimeSeconds()))
        .slurmdStartTime(WireTimes.instant(said.slurmdStartTime()))
        .status(said.status())
        .featuresAvailable(said.featuresAvailable())
        .featuresActive(said.featuresActive())
        .startup((said.flags() & STARTUP) != 0)
        .hostName(said.hostname())
        .madeAt(WireTimes.instant(said.timestamp()))
        .runningSteps(steps)
        .build();
  }

  /** All TRES of the cluster as accounting numbers them. */
  static NodeRegistrationResponse tres(ClusterState state) {
    long cpus = 0;
    long memory = 0;
    for (NodeDefinition node : state.config().nodes()) {
      cpus += node.cpus();
      memory += node.realMemoryMiB();
    }
    return NodeRegistrationResponse.builder()
        .tresRecords(
            List.of(
                tres(1, "cpu", null, cpus),
                tres(2, "mem", null, memory),
                tres(3, "energy", null, 0),
                tres(4, "node", null, state.config().nodes().size()),
                tres(5, "billing", null, cpus),
                tres(6, "fs", "disk", 0),
                tres(7, "vmem", null, 0),
                tres(8, "pages", null, 0)))
        .build();
  }

  private static TresRecord tres(long id, String type, String name, long count) {
    return TresRecord.builder().id(id).type(type).name(name).count(count).build();
  }
}

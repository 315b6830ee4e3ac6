package baton.controller.sim;

import baton.controller.model.ClusterConfig;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.controller.model.Parameter;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import java.util.ArrayList;
import java.util.List;

/**
 * How big a simulated cluster is and how it is configured.
 *
 * @param controllers how many
 * @param nodes how many, named n1, n2 ...
 * @param cores of each node
 * @param memoryMiB of each node
 * @param killWaitSeconds KillWait
 * @param slurmdTimeoutSeconds SlurmdTimeout
 * @param minJobAgeSeconds MinJobAge
 * @param credentialSeconds cred_expire of AuthInfo
 * @param hasProlog whether nodes run a prolog
 * @param hasEpilog whether nodes run an epilog
 * @param snapshotEvery how many entries after which a controller takes a snapshot
 */
record ClusterShape(
    int controllers,
    int nodes,
    int cores,
    long memoryMiB,
    int killWaitSeconds,
    int slurmdTimeoutSeconds,
    int minJobAgeSeconds,
    long credentialSeconds,
    boolean hasProlog,
    boolean hasEpilog,
    int snapshotEvery) {

  static ClusterShape of(Chance chance) {
    return new ClusterShape(
        chance.perMille(250) ? 1 : 3,
        chance.number(2, 4),
        chance.pick(List.of(2, 4)),
        1000,
        chance.pick(List.of(2, 5, 10)),
        chance.pick(List.of(45, 60, 90)),
        chance.pick(List.of(20, 60, 120)),
        chance.pick(List.of(30L, 60L, 120L)),
        chance.perMille(500),
        chance.perMille(700),
        chance.number(40, 200));
  }

  static String nodeName(int node) {
    return "n" + (node + 1);
  }

  ClusterConfig config() {
    List<NodeDefinition> definitions = new ArrayList<>();
    List<NodeName> names = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      NodeName name = NodeName.of(nodeName(node));
      names.add(name);
      definitions.add(
          NodeDefinition.builder()
              .name(name)
              .address("10.0.0." + (node + 1))
              .port(6818)
              .cpus(cores)
              .coresPerSocket(cores)
              .realMemoryMiB(memoryMiB)
              .build());
    }
    Partition partition =
        Partition.builder().name(PartitionName.of("main")).members(names).flags(1).build();
    return ClusterConfig.builder()
        .clusterName("simulated")
        .release("22.05")
        .nodes(definitions)
        .partitions(List.of(partition))
        .selectTypeParameters(0x14)
        .killWaitSeconds(killWaitSeconds)
        .slurmdTimeoutSeconds(slurmdTimeoutSeconds)
        .minJobAgeSeconds(minJobAgeSeconds)
        .returnToService(2)
        .hasProlog(hasProlog)
        .hasEpilog(hasEpilog)
        .parameters(
            List.of(
                Parameter.builder()
                    .name("AuthInfo")
                    .value("cred_expire=" + credentialSeconds)
                    .build()))
        .build();
  }
}

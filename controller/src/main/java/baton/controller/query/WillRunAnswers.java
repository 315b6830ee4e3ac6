package baton.controller.query;

import baton.controller.command.JobStart;
import baton.controller.model.ClusterState;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeState;
import baton.controller.scheduler.WillRun;
import baton.protocol.message.JobWillRunResponse;
import baton.protocol.type.Release;

/** What a client is told of the start that a job would have. */
public final class WillRunAnswers {
  private WillRunAnswers() {}

  /** The answer to a client of {@code release}. */
  public static JobWillRunResponse of(
      ClusterState state, WillRun.Expectation expected, Release release) {
    JobStart start = expected.start();
    long cpus = start.allocation().nodes().stream().mapToLong(NodeAllocation::cpuCount).sum();
    JobWillRunResponse.Builder response =
        JobWillRunResponse.builder()
            .jobId(start.jobId())
            .nodeList(
                NodeLists.text(
                    state.order(),
                    start.allocation().nodes().stream().map(NodeAllocation::node).toList()))
            .partition(start.partition().value())
            .cpuCount(cpus)
            .startTime(expected.time().getEpochSecond());
    if (!release.atLeast(Release.V25_05)) {
      response.systemUsagePercent(usagePercent(state));
    }
    return response.build();
  }

  private static double usagePercent(ClusterState state) {
    long all = 0;
    long used = 0;
    for (Node node : state.nodes().values()) {
      if (node.baseState() != NodeState.FUTURE) {
        all += node.definition().cpus();
        used +=
            state.holdingsOn(node.name()).stream()
                .mapToLong(holding -> holding.share().cpuCount())
                .sum();
      }
    }
    return all == 0 ? 0 : 100.0 * used / all;
  }
}

package baton.controller.scheduler;

import baton.controller.command.JobWait;
import baton.controller.model.Allocation;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.NodeAllocation;
import baton.controller.model.PartitionName;
import baton.protocol.type.HostList;
import baton.protocol.type.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a plan tells of jobs that wait, where that differs from what the state says already. */
final class Waits {
  /** An expected start that moved by less is not worth telling. */
  private static final Duration SAME_START = Duration.ofSeconds(60);

  private final Map<JobId, JobWait> told = new LinkedHashMap<>();

  List<JobWait> all() {
    return List.copyOf(told.values());
  }

  /** A job that waits without an expectation. */
  void put(Job job, JobReason reason, String text) {
    put(job, reason, text, null, null, null);
  }

  /**
   * A job that waits; what was told of it before is forgotten.
   *
   * @param start when it is expected to start, or null
   * @param nodes where, or null
   * @param tried which of its partitions was tried last, or null
   */
  void put(
      Job job, JobReason reason, String text, Instant start, String nodes, PartitionName tried) {
    boolean same =
        job.reason() == reason
            && Objects.equals(job.stateDescription(), text)
            && Objects.equals(job.expectedNodes(), nodes)
            && (tried == null || tried.equals(job.partition()))
            && isNear(job.expectedStart(), start);
    if (same) {
      told.remove(job.id());
      return;
    }
    told.put(
        job.id(),
        JobWait.builder()
            .jobId(job.id())
            .version(job.version())
            .reason(reason)
            .stateDescription(text)
            .expectedStart(start)
            .expectedNodes(nodes)
            .partition(tried)
            .build());
  }

  private static boolean isNear(Instant before, Instant after) {
    if (before == null || after == null) {
      return before == null && after == null;
    }
    return Duration.between(before, after).abs().compareTo(SAME_START) < 0;
  }

  static String nodes(Allocation allocation) {
    List<String> names = new ArrayList<>();
    for (NodeAllocation share : allocation.nodes()) {
      names.add(share.node().value());
    }
    return HostList.of(names).ranged();
  }
}

package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.model.ClusterState;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.LaunchState;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.protocol.type.JobId;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** An auditor of states that trusts nobody: it counts everything again from the jobs. */
final class StateAudit {
  private static final long COMPLETING = 0x8000;

  private StateAudit() {}

  static void check(ClusterState state) {
    nothingIsGivenOutTwice(state);
    eachStateHasWhatItNeeds(state);
    launchesAreOwedByRunningJobsOnly(state);
    ClusterState rebuilt =
        ClusterState.of(
            state.config(),
            state.facts(),
            state.jobs(),
            state.nodes(),
            state.partitions(),
            state.effects(),
            state.steps(),
            state.crontabs());
    assertEquals(rebuilt.holdings(), state.holdings(), "who holds what");
    assertEquals(rebuilt.effectsByJob(), state.effectsByJob(), "what is owed about whom");
    assertEquals(rebuilt.fences(), state.fences(), "which nodes are fenced");
    assertEquals(rebuilt.dependents(), state.dependents(), "who waits for whom");
    assertEquals(rebuilt.arrays(), state.arrays(), "who belongs to which array");
    eachTaskIsInOnePlace(state);
  }

  private static void eachTaskIsInOnePlace(ClusterState state) {
    Map<JobId, BitSet> seen = new HashMap<>();
    Set<JobId> places = new HashSet<>();
    for (Job job : state.jobs().values()) {
      JobId place =
          job.listedAs() == null || job.listedAs().value() == 0 ? job.id() : job.listedAs();
      assertTrue(places.add(place), () -> job.id() + " is listed where another is");
      if (job.arrayJobId() == null || job.arrayJobId().value() == 0) {
        continue;
      }
      assertTrue(
          state.jobs().contains(job.arrayJobId()), () -> job.id() + " outlives its first record");
      BitSet of = seen.computeIfAbsent(job.arrayJobId(), id -> new BitSet());
      BitSet tasks = new BitSet();
      if (job.arrayPendingTasks() == null) {
        tasks.set((int) job.arrayTaskId());
      } else {
        assertEquals(job.arrayJobId(), job.id(), "tasks without a record are with the first");
        tasks = job.arrayPendingTasks().toBitSet();
      }
      assertTrue(!of.intersects(tasks), () -> job.id() + " has a task that another has");
      of.or(tasks);
    }
  }

  private static void nothingIsGivenOutTwice(ClusterState state) {
    Map<String, Job> holderOfCore = new HashMap<>();
    Map<NodeName, Long> memory = new HashMap<>();
    for (Job job : state.jobs().values()) {
      boolean active = job.state() == JobState.RUNNING || job.state() == JobState.SUSPENDED;
      boolean completing = (job.stateFlags() & COMPLETING) != 0;
      if (job.allocation().isEmpty() || (!active && !completing)) {
        continue;
      }
      for (NodeAllocation share : job.allocation().get(0).nodes()) {
        if (completing && !job.completingNodes().contains(share.node())) {
          continue;
        }
        share
            .cores()
            .indices()
            .forEach(
                core -> {
                  Job other = holderOfCore.put(share.node() + ":" + core, job);
                  assertTrue(
                      other == null,
                      () -> "core " + core + " of " + share.node() + " given out twice");
                });
        memory.merge(share.node(), share.memoryMiB(), Long::sum);
      }
    }
    memory.forEach(
        (node, used) -> assertTrue(used <= 1000, () -> used + " MiB given out on " + node));
  }

  private static void eachStateHasWhatItNeeds(ClusterState state) {
    for (Job job : state.jobs().values()) {
      boolean completing = (job.stateFlags() & COMPLETING) != 0;
      if (job.state() == JobState.RUNNING) {
        assertEquals(1, job.allocation().size(), () -> job.id() + " runs on nothing");
        assertTrue(!completing, () -> job.id() + " runs and completes");
      }
      if (completing) {
        boolean epilogRuns =
            state.effects().values().stream()
                .anyMatch(
                    effect ->
                        effect.kind() == EffectKind.RUN_EPILOG && effect.jobId().equals(job.id()));
        assertTrue(
            epilogRuns || !job.completingNodes().isEmpty(), () -> job.id() + " completes nowhere");
      }
      if (job.state() == JobState.PENDING && !completing) {
        assertTrue(job.allocation().isEmpty(), () -> job.id() + " waits and holds something");
        assertEquals(LaunchState.NONE, job.launchState());
      }
    }
  }

  private static void launchesAreOwedByRunningJobsOnly(ClusterState state) {
    for (Effect effect : state.effects().values()) {
      if (effect.kind() == EffectKind.LAUNCH_BATCH) {
        Job job = state.jobs().require(effect.jobId());
        assertEquals(JobState.RUNNING, job.state());
        assertEquals(job.restartCount(), effect.restartCount());
      }
    }
  }
}

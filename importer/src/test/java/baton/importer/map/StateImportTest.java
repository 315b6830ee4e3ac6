package baton.importer.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobState;
import baton.controller.model.LaunchState;
import baton.controller.model.Node;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.model.Step;
import baton.controller.model.StepShare;
import baton.protocol.state.SavedJob;
import baton.protocol.state.SavedNode;
import baton.protocol.state.SavedPartition;
import baton.protocol.type.Longs;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What real clusters had saved, as Baton's state; and back. */
class StateImportTest {
  @ParameterizedTest
  @ValueSource(strings = {"22.05", "24.11", "26.05"})
  void everythingIsTaken(String release) {
    ImportedFixture fixture = ImportedFixture.of(release);
    assertEquals(List.of(), fixture.faults());
    // narrow2, by MaxJobsPerUser of its QOS
    assertEquals(1, fixture.changes().size());
    assertTrue(fixture.changes().get(0).reason().contains(" reason 53,"));
    assertEquals(fixture.jobs().records().size(), fixture.state().jobs().size());
    long last = fixture.jobs().header().orElseThrow().lastJobId().value();
    assertEquals(last + 1, fixture.state().facts().nextJobId().value());
  }

  @ParameterizedTest
  @ValueSource(strings = {"22.05", "24.11", "26.05"})
  void whatDidNotChangeIsSavedAsItWas(String release) {
    ImportedFixture fixture = ImportedFixture.of(release);
    for (SavedJob was : fixture.jobs().records()) {
      assertEquals(was, JobExport.of(fixture.state().jobs().require(was.jobId()), was));
    }
    for (SavedNode was : fixture.nodes().records()) {
      Node node = fixture.state().nodes().require(NodeName.of(was.nodeName()));
      assertEquals(was, NodeFacts.update(node, was));
    }
    for (SavedPartition was : fixture.partitions().records()) {
      Partition now = fixture.state().partitions().require(PartitionName.of(was.name()));
      assertEquals(was, PartitionFacts.update(now, was, now));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"22.05", "24.11", "26.05"})
  void jobsStandWhereTheyStood(String release) {
    ImportedFixture fixture = ImportedFixture.of(release);
    Job two = fixture.job("two");
    assertEquals(JobState.RUNNING, two.state());
    assertEquals(LaunchState.ACCEPTED, two.launchState());
    assertEquals(2, two.allocation().get(0).nodes().size());
    two.allocation()
        .get(0)
        .nodes()
        .forEach(share -> assertTrue(share.cores().cardinality() > 0, share::toString));
    assertNotNull(two.request().script());
    assertEquals(JobState.SUSPENDED, fixture.job("suspended").state());
    Job held = fixture.job("held");
    assertEquals(0, held.priority());
    assertEquals(JobReason.HELD_BY_USER, held.reason());
    Job later = fixture.job("later");
    assertNotNull(later.request().beginTime());
    assertNotNull(later.request().deadline());
    assertEquals(30, later.timeLimitMinutes());
    Job failed = fixture.job("failed");
    assertEquals(3 << 8, failed.exitCode());
    Job completing = fixture.job("completing");
    assertEquals(List.of(NodeName.of("n4")), completing.completingNodes());
    Job both = fixture.job("both");
    assertFalse(both.dependencySatisfied());
    assertTrue(both.request().dependency().contains("?"), both.request()::dependency);
    Job several = fixture.job("several");
    assertEquals(2, several.request().partitions().size());
    assertEquals(0x80000000L + 5, several.request().nice());
  }

  @ParameterizedTest
  @ValueSource(strings = {"22.05", "24.11", "26.05"})
  void stepsAreWhereTheirTasksAre(String release) {
    ImportedFixture fixture = ImportedFixture.of(release);
    for (Step step : fixture.state().steps().values()) {
      long tasks = step.shares().stream().mapToInt(share -> share.taskIds().size()).sum();
      assertEquals(step.taskCount(), tasks);
      assertEquals(step.cpuCount(), step.shares().stream().mapToLong(StepShare::cpuCount).sum());
      step.shares().forEach(share -> assertTrue(share.cores().cardinality() > 0, share::toString));
    }
    Job two = fixture.job("two");
    Step wide =
        fixture.state().stepsOf(two.id()).stream()
            .filter(step -> step.taskCount() == 3)
            .findFirst()
            .orElseThrow();
    assertEquals(2, wide.shares().size());
    assertEquals(Longs.of(0, 1), wide.shares().get(0).taskIds());
    assertEquals(Longs.of(2), wide.shares().get(1).taskIds());
    Job interactive = fixture.job("interactive");
    Step waited = fixture.state().stepsOf(interactive.id()).iterator().next();
    assertNotNull(waited.request().host());
    assertTrue(waited.request().port() > 0);
    assertTrue(waited.request().srunPid() > 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"22.05", "24.11", "26.05"})
  void arraysStandForTheTasksThatAreLeft(String release) {
    ImportedFixture fixture = ImportedFixture.of(release);
    Job waits = fixture.job("waitsarray");
    assertEquals(
        List.of(1, 3, 5, 8, 11, 14, 17, 20), waits.arrayPendingTasks().indices().boxed().toList());
    List<Job> tasks =
        fixture.state().jobs().values().stream()
            .filter(job -> "array".equals(job.request().name()))
            .toList();
    assertTrue(tasks.size() > 1);
    tasks.forEach(task -> assertEquals(2, task.arrayThrottle()));
    assertTrue(
        waits.request().addedEnvironment().contains("SLURM_ARRAY_TASK_COUNT=8"),
        waits.request().addedEnvironment()::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"22.05", "24.11", "26.05"})
  void nodesAndPartitionsAreAsTheyWereLast(String release) {
    ImportedFixture fixture = ImportedFixture.of(release);
    Node drained = fixture.state().nodes().require(NodeName.of("n3"));
    assertTrue((drained.flags() & NodeFlag.DRAIN) != 0);
    assertEquals("fan broken", drained.reason());
    Node changed = fixture.state().nodes().require(NodeName.of("n2"));
    assertEquals("a comment", changed.comment());
    assertEquals("more", changed.extra());
    Partition shorter = fixture.state().partitions().require(PartitionName.of("short"));
    assertEquals(20, shorter.maxTimeMinutes());
    assertEquals(3, shorter.priorityTier());
    Partition idle = fixture.state().partitions().require(PartitionName.of("idle"));
    assertEquals(0, idle.stateUp());
  }

  @ParameterizedTest
  @ValueSource(strings = {"22.05", "24.11", "26.05"})
  void onlyWhatChangedIsSavedAnew(String release) {
    ImportedFixture fixture = ImportedFixture.of(release);
    Job held = fixture.job("held");
    SavedJob was = fixture.saved(held);
    Job released = held.toBuilder().priority(7).reason(JobReason.NONE).build();
    SavedJob now = JobExport.of(released, was);
    assertEquals(was.toBuilder().priority(7).stateReason(0).build(), now);
    Job alone =
        fixture.job("dependent").toBuilder()
            .request(fixture.job("dependent").request().toBuilder().dependency(null).build())
            .build();
    SavedJob free = JobExport.of(alone, fixture.saved(alone));
    assertNull(free.details().dependency());
    assertEquals(List.of(), free.details().dependencies());
  }
}

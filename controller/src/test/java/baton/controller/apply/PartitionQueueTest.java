package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import baton.controller.command.JobChanges;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.model.PriorityConfig;
import baton.protocol.type.JobId;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Jobs for several partitions: what 22.05's slurmctld does with them in the same cluster. */
final class PartitionQueueTest {
  private static final String NODES_NOT_LEFT =
      "Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority partitions";

  private final Fixture cluster = Fixture.withNodes(3);

  PartitionQueueTest() {
    cluster.configure(
        config ->
            config
                .priorityType("priority/multifactor")
                .priority(
                    PriorityConfig.builder().weightPartition(1000).calcPeriodSeconds(300).build())
                .partitions(
                    List.of(
                        partition("main", "n1,n2,n3").priorityJobFactor(10).flags(1).build(),
                        partition("urgent", "n1")
                            .priorityTier(10)
                            .priorityJobFactor(100)
                            .maxTimeMinutes(60)
                            .build(),
                        partition("lazy", "n2,n3").priorityJobFactor(5).build(),
                        partition("tiny", "n3")
                            .priorityTier(5)
                            .priorityJobFactor(20)
                            .maxTimeMinutes(10)
                            .build())));
  }

  @Test
  void aJobStartsInThePartitionOfTheHighestTierThatHasRoom() {
    JobId first = cluster.accepted(asking(20, "lazy", "urgent"));
    JobId second = cluster.accepted(asking(20, "urgent", "lazy"));
    cluster.schedule();
    assertRuns("urgent", "n1", first);
    assertEquals(1000, cluster.job(first).priority());
    assertRuns("lazy", "n2", second);
    assertEquals(50, cluster.job(second).priority());
    assertEquals(names("lazy", "urgent"), cluster.job(second).request().partitions());
  }

  @Test
  void whatWaitsIsToldOfItsLastPartition() {
    fill();
    JobId waits = cluster.accepted(asking(20, "lazy", "urgent"));
    assertEquals(names("urgent", "lazy"), cluster.job(waits).request().partitions());
    JobId tooLong = cluster.accepted(asking(30, "tiny", "urgent"));
    JobId nowhere = cluster.accepted(asking(180, "tiny", "urgent"));
    JobId behind = cluster.accepted(asking(20, "lazy"));
    cluster.schedule();
    assertWaits(JobReason.RESOURCES, null, waits);
    assertEquals(50, cluster.job(waits).priority());
    assertEquals(cluster.job(JobId.of(1)).endTime(), cluster.job(waits).expectedStart());
    assertWaits(JobReason.PARTITION_TIME_LIMIT, null, tooLong);
    assertEquals(1000, cluster.job(tooLong).priority());
    assertWaits(JobReason.PARTITION_TIME_LIMIT, null, nowhere);
    assertNull(cluster.job(nowhere).expectedStart());
    assertWaits(JobReason.PRIORITY, null, behind);
  }

  @Test
  void whereOnlyNodesForOthersAreLeftThatIsSaid() {
    fill();
    cluster.accepted(asking(20, "main"));
    JobId waits = cluster.accepted(asking(20, "lazy", "urgent"));
    cluster.schedule();
    assertWaits(JobReason.RESOURCES, NODES_NOT_LEFT, waits);
  }

  @Test
  void itsTurnComesByTierAndThenByItsPriorityInEachPartition() {
    fill();
    JobId main = cluster.accepted(asking(90, "main"));
    JobId both = cluster.accepted(asking(90, "lazy", "main"));
    JobId lazy = cluster.accepted(asking(90, "lazy"));
    JobId high = cluster.accepted(asking(10, "tiny", "lazy"));
    end(JobId.of(3));
    cluster.schedule();
    assertRuns("tiny", "n3", high);
    assertEquals(JobState.PENDING, cluster.job(main).state());
    end(JobId.of(2));
    cluster.schedule();
    assertRuns("main", "n2", main);
    end(high);
    cluster.schedule();
    assertRuns("main", "n3", both);
    assertEquals(JobState.PENDING, cluster.job(lazy).state());
  }

  @Test
  void aPartitionThatDoesNotLetTheJobInDoesNotKeepItOutOfOthers() {
    cluster.configure(
        config -> {
          List<Partition> all =
              Stream.concat(
                      cluster.state().config().partitions().stream(),
                      Stream.of(partition("bobs", "n3").allowGroups("bob").build()))
                  .toList();
          return config.partitions(all);
        });
    JobId id = cluster.accepted(asking(5, "bobs", "tiny"));
    cluster.schedule();
    assertRuns("tiny", "n3", id);
  }

  @Test
  void aWaitingJobGetsOtherPartitions() {
    fill();
    JobId id = cluster.accepted(asking(20, "urgent"));
    cluster.schedule();
    cluster.update(id, JobChanges.builder().partitions("tiny,lazy"));
    assertEquals(names("tiny", "lazy"), cluster.job(id).request().partitions());
    end(JobId.of(3));
    cluster.schedule();
    assertRuns("lazy", "n3", id);
  }

  private void fill() {
    for (int i = 0; i < 3; i++) {
      cluster.accepted(asking(60, "main"));
    }
    cluster.schedule();
  }

  private void end(JobId id) {
    cluster.end(id, 0);
  }

  private void assertRuns(String partition, String node, JobId id) {
    Job job = cluster.job(id);
    assertEquals(JobState.RUNNING, job.state());
    assertEquals(PartitionName.of(partition), job.partition());
    assertEquals(NodeName.of(node), job.batchHost());
  }

  private void assertWaits(JobReason reason, String text, JobId id) {
    assertEquals(reason, cluster.job(id).reason());
    assertEquals(text, cluster.job(id).stateDescription());
  }

  private static JobRequest.Builder asking(long minutes, String... partitions) {
    return Fixture.batch()
        .minCpus(4)
        .minNodes(1)
        .timeLimitMinutes(minutes)
        .memoryPerCpu(true)
        .partitions(names(partitions));
  }

  private static List<PartitionName> names(String... partitions) {
    return Arrays.stream(partitions).map(PartitionName::of).toList();
  }

  private static Partition.Builder partition(String name, String nodes) {
    return Partition.builder()
        .name(PartitionName.of(name))
        .members(Arrays.stream(nodes.split(",")).map(NodeName::of).toList());
  }
}

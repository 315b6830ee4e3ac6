package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.Partition;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import baton.protocol.type.Longs;
import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where slurmctld's releases differ, as seen with the real ones by bin/differential. */
class ReleaseBehaviourTest {
  private static Fixture standingInFor(String release) {
    Fixture cluster = Fixture.withNodes(3);
    cluster.configure(config -> config.release(release));
    return cluster;
  }

  private static JobRequest moreNodesThanThereAre() {
    return Fixture.batch().minNodes(9).minCpus(9).build();
  }

  private static SlurmError refusal(Reply reply) {
    return assertInstanceOf(Reply.Rejected.class, reply).error();
  }

  @Test
  void upTo2405AJobBeyondItsPartitionWaits() {
    Reply reply = standingInFor("24.05").submit(moreNodesThanThereAre());
    assertInstanceOf(Reply.JobAccepted.class, reply);
  }

  @Test
  void from2411AJobThatNoNodesCouldEverRunFails() {
    Reply reply = standingInFor("24.11").submit(moreNodesThanThereAre());
    assertEquals(
        SlurmError.ESLURM_REQUESTED_NODE_CONFIG_UNAVAILABLE,
        assertInstanceOf(Reply.JobFailed.class, reply).error());
  }

  @Test
  void howAnUnknownJobEndedMustBeKnownFrom2302() {
    JobRequest request = Fixture.batch().dependency("afterok:99").build();
    assertInstanceOf(Reply.JobAccepted.class, standingInFor("22.05").submit(request));
    assertEquals(SlurmError.ESLURM_DEPENDENCY, refusal(standingInFor("23.02").submit(request)));
  }

  @Test
  void fewerNodesThanAreNamedComeFromAmongThemFrom2302() {
    JobRequest request = Fixture.batch().minNodes(1).maxNodes(1).requiredNodes("n[2-3]").build();
    assertEquals(
        SlurmError.ESLURM_INVALID_NODE_COUNT, refusal(standingInFor("22.05").submit(request)));
    Fixture cluster = standingInFor("23.02");
    JobId id = cluster.accepted(request.toBuilder());
    cluster.schedule();
    assertEquals("n2", cluster.job(id).batchHost().value());
  }

  @Test
  void whoIsNotInThePartitionsGroupsWaitsFrom2302() {
    for (String release : List.of("22.05", "23.02")) {
      Fixture cluster = standingInFor(release);
      cluster.configure(
          config -> {
            List<Partition> partitions = new ArrayList<>();
            for (Partition partition : config.build().partitions()) {
              partitions.add(
                  partition.toBuilder().allowGroups("staff").allowUids(Longs.of(7)).build());
            }
            return config.partitions(partitions);
          });
      Reply reply = cluster.submit(Fixture.batch().build());
      if (release.equals("22.05")) {
        assertEquals(SlurmError.ESLURM_JOB_MISSING_REQUIRED_PARTITION_GROUP, refusal(reply));
      } else {
        JobId id = assertInstanceOf(Reply.JobAccepted.class, reply).jobId();
        assertEquals(JobReason.PARTITION_CONFIG, cluster.job(id).reason());
        assertEquals(
            "uid 2001 not in group permitted to use this partition (main). groups allowed: staff",
            cluster.job(id).stateDescription());
      }
    }
  }

  @Test
  void from2411CpusFollowTheNumberOfTasks() {
    for (String release : List.of("22.05", "24.11")) {
      Fixture cluster = standingInFor(release);
      JobId id =
          cluster.accepted(Fixture.batch().taskCount(3).minCpus(3).minCpusPerNode(4).maxNodes(1));
      cluster.schedule();
      int cpus = cluster.job(id).allocation().get(0).nodes().get(0).cpuCount();
      assertEquals(release.equals("22.05") ? 4 : 3, cpus);
    }
  }

  @Test
  void from2411ALimitOfMemoryMakesTasksLarger() {
    for (String release : List.of("22.05", "24.11")) {
      Fixture cluster = standingInFor(release);
      cluster.configure(config -> config.maxMemoryMiB(300).maxMemoryPerCpu(true));
      JobId id = cluster.accepted(Fixture.batch().memoryMiB(900));
      JobRequest kept = cluster.job(id).request();
      boolean before = release.equals("22.05");
      assertEquals(3, kept.minCpusPerNode());
      assertEquals(before ? NoVal.NO_VAL16 : 3, kept.cpusPerTask());
      assertEquals(before ? 0 : 2, kept.addedCpus());
    }
  }

  @Test
  void from2511NobodyWaitsForWhatAJobOnlyPrefers() {
    for (String release : List.of("25.05", "25.11")) {
      Fixture cluster = standingInFor(release);
      cluster.configure(
          config ->
              config.nodes(
                  cluster.state().config().nodes().stream()
                      .map(node -> node.toBuilder().features("fast").build())
                      .toList()));
      for (int i = 0; i < cluster.state().config().nodes().size(); i++) {
        cluster.accepted(Fixture.batch().minCpusPerNode(4).minCpus(4));
      }
      JobId id = cluster.accepted(Fixture.batch().prefer("fast"));
      cluster.schedule();
      assertEquals(
          release.equals("25.05") ? JobReason.PRIORITY : JobReason.RESOURCES,
          cluster.job(id).reason());
    }
  }
}

package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.command.JobChanges;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeDefinition;
import baton.protocol.error.SlurmError;
import baton.protocol.type.HostList;
import baton.protocol.type.JobId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which nodes a constraint gets: as 22.05's slurmctld chose them in the same cluster. */
final class FeatureSelectionTest {
  private static final List<String> FEATURES =
      List.of("rack1,fast,ssd", "rack1,slow", "rack2,slow");

  private final Fixture cluster = Fixture.withNodes(3);

  FeatureSelectionTest() {
    cluster.configure(
        config -> {
          List<NodeDefinition> nodes = new ArrayList<>();
          for (int i = 0; i < FEATURES.size(); i++) {
            NodeDefinition node = cluster.state().config().nodes().get(i);
            nodes.add(node.toBuilder().features(FEATURES.get(i)).weight(3 + 2L * i).build());
          }
          return config.nodes(nodes);
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "slow; 1; 1; n2",
        "rack1,slow; 1; 1; n2",
        "fast|slow; 3; 3; n[1-3]",
        "rack2|ssd; 2; 2; n[1,3]",
        "rack2&(fast|slow); 1; 1; n3",
        "fast|(rack2&slow); 2; 2; n[1,3]",
        "slow*1; 1; 1; n2",
        "slow*1; 2; 2; n[1-2]",
        "slow*2; 2; 2; n[2-3]",
        "rack2*1; 1; 2; n3",
        "rack2*1; 2; 6; n[1,3]",
        "(fast|slow)*2; 2; 2; n[1-2]",
        "[rack1|rack2]; 1; 1; n1",
        "[rack2|rack1]; 1; 1; n3",
        "[rack2|rack1]; 2; 2; n[1-2]",
        "[fast|slow]; 2; 2; n[2-3]",
        "[ssd|rack2|slow]; 2; 8; n[2-3]",
        "[rack1*1&rack2*1]; 2; 2; n[1,3]",
        "[rack1*2&rack2*1]; 3; 3; n[1-3]",
        "[rack1*1&slow*1]; 2; 2; n[1-2]",
        "slow&[rack1|rack2]; 1; 1; n2",
        "[rack1|rack2]&slow; 1; 1; n2",
        "[rack2*1]; 2; 2; n[1,3]",
        "[(fast&rack1)|(slow&rack2)]; 1; 1; n1"
      })
  void nodesAreThoseOfTheConstraint(String constraint, int nodes, int cpus, String expected) {
    JobId id = cluster.accepted(sized(nodes, cpus).features(constraint));
    cluster.schedule();
    assertEquals(expected, nodes(id));
  }

  @Test
  void nodesThatAreCountedComeToThoseThatAreNamed() {
    JobId id = cluster.accepted(sized(1, 1).features("rack2*1").requiredNodes("n1").maxNodes(0));
    cluster.schedule();
    assertEquals("n[1,3]", nodes(id));
    assertEquals(2, cluster.job(id).allocation().get(0).nodes().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "fast&slow; 1",
        "rack1*1&rack2*1; 2",
        "slow*2; 1",
        "rack1*3; 3",
        "rack2*2; 2",
        "fast*2&slow*1; 3",
        "[rack1|rack2]; 3",
        "[fast|rack2]; 2",
        "[fast*1&rack1*2]; 3",
        "[rack1|rack2]&slow; 2"
      })
  void whatNoNodesCanGiveFailsAtOnce(String constraint, int nodes) {
    Reply reply = cluster.submit(sized(nodes, nodes).features(constraint).build());
    Reply.JobFailed failed = assertInstanceOf(Reply.JobFailed.class, reply);
    assertEquals(SlurmError.ESLURM_REQUESTED_NODE_CONFIG_UNAVAILABLE, failed.error());
  }

  @Test
  void alternativesAreTakenWhereThereIsRoom() {
    cluster.accepted(sized(1, 4).requiredNodes("n1"));
    cluster.accepted(sized(1, 4).requiredNodes("n2"));
    cluster.schedule();
    JobId id = cluster.accepted(sized(1, 1).features("[rack1|rack2]"));
    cluster.schedule();
    assertEquals("n3", nodes(id));
  }

  @Test
  void whatIsPreferredIsTriedFirstAndNotWaitedFor() {
    JobId first = cluster.accepted(sized(1, 4).features("slow").prefer("rack2"));
    JobId second = cluster.accepted(sized(1, 1).features("slow").prefer("rack2"));
    cluster.schedule();
    assertEquals("n3", nodes(first));
    assertTrue(cluster.job(first).preferred());
    assertEquals("n2", nodes(second));
    assertEquals(false, cluster.job(second).preferred());
  }

  @Test
  void aPreferenceThatNoNodesCanMeetFailsTheJob() {
    Reply reply = cluster.submit(sized(2, 2).prefer("rack2").build());
    assertInstanceOf(Reply.JobFailed.class, reply);
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_INVALID_PREFER),
        cluster.submit(sized(1, 1).prefer("nothere").build()));
  }

  @Test
  void whatAWaitingJobPrefersCanBeChanged() {
    for (int i = 0; i < 3; i++) {
      cluster.accepted(sized(1, 4));
    }
    cluster.schedule();
    JobId id = cluster.accepted(sized(1, 4).features("rack2"));
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_INVALID_PREFER),
        cluster.update(id, JobChanges.builder().prefer("nothere")));
    assertEquals(Reply.ACCEPTED, cluster.update(id, JobChanges.builder().prefer("slow")));
    assertEquals("slow", cluster.job(id).request().prefer());
    assertEquals(Reply.ACCEPTED, cluster.update(id, JobChanges.builder().prefer("")));
    assertNull(cluster.job(id).request().prefer());
  }

  private String nodes(JobId id) {
    Job job = cluster.job(id);
    assertEquals(JobState.RUNNING, job.state(), () -> "waits: " + job.reason());
    List<String> names = new ArrayList<>();
    for (NodeAllocation share : job.allocation().get(0).nodes()) {
      names.add(share.node().value());
    }
    return HostList.of(names).ranged();
  }

  private static JobRequest.Builder sized(int nodes, int cpus) {
    return Fixture.batch()
        .minNodes(nodes)
        .maxNodes(nodes)
        .minCpus(cpus)
        .timeLimitMinutes(60)
        .memoryPerCpu(true)
        .memoryMiB(100);
  }
}

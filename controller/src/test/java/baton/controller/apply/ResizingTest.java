package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import baton.controller.command.JobChanges;
import baton.controller.command.UpdateNodes;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.controller.model.NodeState;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Running jobs that give nodes back, or lose them and go on. */
class ResizingTest {
  private final Fixture cluster = Fixture.withNodes(3);

  @Test
  void keepsItsBatchHostAndTheFirstOfTheOthers() {
    JobId id = running(Fixture.batch());
    assertEquals(Reply.ACCEPTED, cluster.update(id, JobChanges.builder().minNodes(2)));
    assertEquals(List.of("n1", "n2"), nodes(id));
    Effect abort = cluster.state().effects().values().stream().toList().get(1);
    assertEquals(EffectKind.ABORT_JOB, abort.kind());
    assertEquals(List.of(NodeName.of("n3")), abort.nodes());
    assertEquals(List.of(), cluster.state().holdingsOn(NodeName.of("n3")));
    StateAudit.check(cluster.state());
  }

  @Test
  void namedNodesMustBeItsOwnAndHoldTheBatchHost() {
    JobId id = running(Fixture.batch());
    for (String wrong : List.of("", "n[2-3]", "n9", "n[1-4]")) {
      assertEquals(
          Reply.rejected(SlurmError.ESLURM_INVALID_NODE_NAME),
          cluster.update(id, JobChanges.builder().requiredNodes(wrong)));
    }
    assertEquals(Reply.ACCEPTED, cluster.update(id, JobChanges.builder().requiredNodes("n[1,3]")));
    assertEquals(List.of("n1", "n3"), nodes(id));
  }

  @Test
  void neverGrowsNorVanishes() {
    JobId id = running(Fixture.batch());
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_NOT_SUPPORTED),
        cluster.update(id, JobChanges.builder().minNodes(4)));
    assertEquals(
        Reply.rejected(SlurmError.ESLURM_INVALID_NODE_COUNT),
        cluster.update(id, JobChanges.builder().minNodes(0)));
    assertEquals(Reply.ACCEPTED, cluster.update(id, JobChanges.builder().minNodes(3)));
    assertEquals(3, nodes(id).size());
  }

  @Test
  void goesOnWithoutANodeThatFailedIfItSaidSo() {
    JobId id = running(Fixture.batch().killOnNodeFail(false));
    down("n2");
    assertEquals(JobState.RUNNING, cluster.job(id).state());
    assertEquals(List.of("n1", "n3"), nodes(id));
    assertEquals(NodeName.of("n2"), cluster.job(id).failedNode());
    StateAudit.check(cluster.state());
    down("n1");
    assertEquals(JobState.PENDING, cluster.job(id).state(), "not without its batch host");
  }

  private JobId running(JobRequest.Builder request) {
    JobId id = cluster.accepted(request.minNodes(3).minCpus(3));
    cluster.schedule();
    assertEquals(3, nodes(id).size());
    return id;
  }

  private List<String> nodes(JobId id) {
    return cluster.job(id).allocation().get(0).nodes().stream()
        .map(NodeAllocation::node)
        .map(NodeName::value)
        .toList();
  }

  private void down(String node) {
    cluster.apply(
        UpdateNodes.builder()
            .time(cluster.now())
            .caller(Fixture.ROOT)
            .nodes(List.of(NodeName.of(node)))
            .state(NodeState.DOWN.value())
            .reason("test")
            .build());
  }
}

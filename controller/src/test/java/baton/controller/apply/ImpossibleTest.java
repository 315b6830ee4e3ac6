package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import baton.controller.command.JobChanges;
import baton.controller.command.UpdateNodes;
import baton.controller.model.JobReason;
import baton.controller.model.JobState;
import baton.controller.model.NodeName;
import baton.controller.model.NodeState;
import baton.protocol.type.JobId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Waiting jobs that no nodes could run any more. */
class ImpossibleTest {
  private final Fixture cluster = Fixture.withNodes(2);
  private JobId waiting;

  @BeforeEach
  void oneWaitsForAFeature() {
    features("n1", "fast");
    features("n2", "slow");
    cluster.accepted(Fixture.batch().minNodes(2).minCpus(2).shareMode(0));
    cluster.schedule();
    waiting = cluster.accepted(Fixture.batch().features("fast"));
    cluster.schedule();
    assertEquals(JobReason.RESOURCES, cluster.job(waiting).reason());
  }

  @Test
  void isHeldWhenTheFeatureIsGoneAndLooksAgainWhenFeaturesChange() {
    features("n1", "slow");
    cluster.schedule();
    assertEquals(JobReason.BAD_CONSTRAINTS, cluster.job(waiting).reason());
    assertEquals(JobState.PENDING, cluster.job(waiting).state());
    assertEquals(0, cluster.job(waiting).priority());
    cluster.schedule();
    assertEquals(JobReason.BAD_CONSTRAINTS, cluster.job(waiting).reason());
    features("n2", "fast");
    assertNotEquals(0, cluster.job(waiting).priority());
    cluster.schedule();
    assertEquals(JobReason.RESOURCES, cluster.job(waiting).reason());
    StateAudit.check(cluster.state());
  }

  @Test
  void isLookedAtAgainWhenItIsChanged() {
    features("n1", "slow");
    cluster.schedule();
    assertEquals(Reply.ACCEPTED, cluster.update(waiting, JobChanges.builder().comment("new")));
    assertNotEquals(0, cluster.job(waiting).priority());
    cluster.schedule();
    assertEquals(0, cluster.job(waiting).priority(), "still impossible");
    assertEquals(Reply.ACCEPTED, cluster.update(waiting, JobChanges.builder().features("slow")));
    cluster.schedule();
    assertEquals(JobReason.RESOURCES, cluster.job(waiting).reason());
  }

  @Test
  void aNodeThatIsDownMayComeBack() {
    cluster.apply(
        UpdateNodes.builder()
            .time(cluster.now())
            .caller(Fixture.ROOT)
            .nodes(List.of(NodeName.of("n1")))
            .state(NodeState.DOWN.value())
            .reason("test")
            .build());
    cluster.schedule();
    assertNotEquals(JobReason.BAD_CONSTRAINTS, cluster.job(waiting).reason());
    assertNotEquals(0, cluster.job(waiting).priority());
  }

  private void features(String node, String features) {
    cluster.apply(
        UpdateNodes.builder()
            .time(cluster.now())
            .caller(Fixture.ROOT)
            .nodes(List.of(NodeName.of(node)))
            .features(features)
            .featuresActive(features)
            .build());
  }
}

package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import baton.controller.lifecycle.NodeLifecycle;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A node that does not answer is marked, unless it has been heard of since it was asked. */
class NodeSilenceTest {
  private static final NodeName N1 = NodeName.of("n1");

  @Test
  void aNodeThatDoesNotAnswerIsMarkedUntilItRegisters() {
    Fixture cluster = Fixture.withNodes(1);
    cluster.pass(10);
    Instant asked = cluster.now();
    cluster.pass(5);
    cluster.apply(Fixture.silent(cluster.now(), asked, N1));
    assertEquals(true, isSilent(cluster));
    cluster.register(N1);
    assertEquals(false, isSilent(cluster));
  }

  @Test
  void aRegistrationThatCameAfterTheQuestionCountsForMore() {
    Fixture cluster = Fixture.withNodes(1);
    Instant asked = cluster.now();
    cluster.pass(5);
    cluster.register(N1);
    cluster.pass(5);
    cluster.apply(Fixture.silent(cluster.now(), asked, N1));
    assertEquals(false, isSilent(cluster));
  }

  private static boolean isSilent(Fixture cluster) {
    return NodeLifecycle.has(cluster.state().nodes().get(N1).orElseThrow(), NodeFlag.NO_RESPOND);
  }
}

package baton.controller.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.command.ApplyPlan;
import baton.controller.command.EffectAnswered;
import baton.controller.command.UpdateNodes;
import baton.controller.lifecycle.NodeLifecycle;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.JobReason;
import baton.controller.model.JobState;
import baton.controller.model.NodeFlag;
import baton.controller.model.NodeName;
import baton.controller.model.NodeState;
import baton.controller.scheduler.Budget;
import baton.controller.scheduler.Scheduler;
import baton.protocol.type.JobId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node that was given up with a job, and is in service again. */
class FenceTest {
  private static final NodeName N1 = NodeName.of("n1");
  private final Fixture cluster = Fixture.withNodes(1);

  private JobId sending() {
    JobId id = cluster.accepted(Fixture.batch());
    cluster.schedule();
    cluster.sendLaunch(id);
    return id;
  }

  private void setNode(long state) {
    cluster.apply(
        UpdateNodes.builder()
            .time(cluster.now())
            .caller(Fixture.ROOT)
            .nodes(List.of(N1))
            .state(state)
            .reason("by hand")
            .build());
  }

  private Effect fence() {
    List<Effect> owed =
        cluster.state().effects().values().stream()
            .filter(effect -> effect.kind() == EffectKind.ABORT_JOB)
            .toList();
    assertEquals(1, owed.size());
    return owed.get(0);
  }

  @Test
  void noNewWorkBeforeTheNodeHasEndedTheOld() {
    sending();
    JobId next = cluster.accepted(Fixture.batch());
    ApplyPlan early =
        Scheduler.plan(cluster.state(), cluster.now(), Budget.unlimited()).toCommand(cluster.now());
    assertEquals(1, early.starts().size());
    setNode(NodeState.DOWN.value());
    setNode(NodeFlag.RESUME);
    cluster.register(N1);
    assertTrue(NodeLifecycle.isAvailable(cluster.state().nodes().require(N1)), "as sinfo shows it");
    cluster.apply(early);
    assertEquals(JobState.PENDING, cluster.job(next).state(), "whatever a plan says");
    assertTrue(cluster.schedule().starts().isEmpty());
    assertEquals(JobReason.RESOURCES, cluster.job(next).reason());
    cluster.apply(
        EffectAnswered.builder()
            .time(cluster.now())
            .effectId(fence().id())
            .nodes(List.of(N1))
            .build());
    assertFalse(cluster.state().isFenced(N1));
    assertEquals(1, cluster.schedule().starts().size());
    assertEquals(JobState.RUNNING, cluster.job(next).state());
  }

  @Test
  void whatMayBeInItsPrologThereWaitsAsLongAsWhatRan() {
    JobId id = sending();
    setNode(NodeState.DOWN.value());
    assertEquals(id, fence().jobId());
    assertEquals(cluster.now().plusSeconds(121), cluster.job(id).request().beginTime());
  }
}

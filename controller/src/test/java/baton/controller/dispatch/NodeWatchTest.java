package baton.controller.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import baton.controller.command.Configure;
import baton.controller.conf.HealthCheck;
import baton.controller.model.ClusterConfig;
import baton.controller.model.NodeDefinition;
import baton.controller.model.NodeName;
import baton.protocol.message.MessageType;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who asks nodes for a sign of life, and when. */
final class NodeWatchTest {
  private static final NodeName N1 = NodeName.of("n1");

  private final HandTime time = new HandTime();
  private final LocalLog log = new LocalLog(time);
  private final RecordedChannel channel = new RecordedChannel();
  private final NodeWatch watch =
      new NodeWatch(
          log,
          channel,
          new NodeTargets(time),
          () -> new HealthCheck(null, Duration.ZERO, Set.of()),
          time,
          new Doorbell());

  @BeforeEach
  void startCluster() {
    NodeDefinition node =
        NodeDefinition.builder().name(N1).address("127.0.0.1").port(6818).cpus(4).build();
    ClusterConfig config =
        ClusterConfig.builder()
            .clusterName("test")
            .release("22.05")
            .slurmdTimeoutSeconds(300)
            .nodes(List.of(node))
            .build();
    log.apply(Configure.builder().time(time.now()).config(config).start(true).build());
  }

  @Test
  void theLeaderAsksWhoHasNotRegistered() {
    pass(2);
    assertEquals(1, asked());
  }

  @Test
  void whoFollowsAsksNobodyOfItself() {
    log.lead(false);
    pass(600);
    assertEquals(0, asked());
  }

  /**
   * A node told a follower that a launch failed: once the present one must be seen, it is asked.
   */
  @Test
  void whoFollowsAsksOnceWhatItWasToldToAskLater() {
    log.lead(false);
    watch.askLater(N1, Duration.ofSeconds(20));
    pass(19);
    assertEquals(0, asked());
    pass(2);
    assertEquals(1, asked());
    pass(60);
    assertEquals(1, asked());
  }

  private int asked() {
    return channel.all(MessageType.REQUEST_NODE_REGISTRATION_STATUS).size();
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      time.pass(Duration.ofSeconds(1));
      int unused = watch.doWork();
    }
  }
}

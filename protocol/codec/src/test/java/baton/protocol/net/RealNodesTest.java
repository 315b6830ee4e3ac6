package baton.protocol.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import baton.protocol.auth.Audience;
import baton.protocol.auth.Authenticator;
import baton.protocol.auth.DigestPolicy;
import baton.protocol.auth.DigestType;
import baton.protocol.auth.MungeAuthenticator;
import baton.protocol.auth.MungePool;
import baton.protocol.message.MessageType;
import baton.protocol.net.SendFailure.Reason;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our client and its tree against Debian's slurmd and slurmctld (22.05). */
class RealNodesTest {
  private static final int NODES = 7;
  private static final int DEAD_HEAD = 0;
  private static final int DEAD_LEAF = 5;

  @TempDir static Path directory;
  private static SlurmCluster cluster;
  private static EventLoops loops;
  private static Authenticator authenticator;
  private static SlurmClient client;

  @BeforeAll
  static void start() throws Exception {
    cluster = SlurmCluster.create(directory);
    cluster.startSlurmctld();
    for (int i = 0; i < NODES; i++) {
      if (i != DEAD_HEAD && i != DEAD_LEAF) {
        cluster.startSlurmd(i);
      }
    }
    loops = new EventLoops(1);
    authenticator =
        new MungeAuthenticator(
            new MungePool(MungePool.Settings.of(cluster.munged.authInfo())), DigestPolicy.STRICT);
    client = new SlurmClient(loops, authenticator, SlurmClient.Settings.DEFAULT);
  }

  @AfterAll
  static void stop() {
    client.close();
    authenticator.close();
    loops.close();
    cluster.close();
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static Map<String, SendOutcome> ping(int treeWidth, List<Integer> indexes)
      throws Exception {
    List<NodeTarget> nodes = new ArrayList<>();
    for (int index : indexes) {
      nodes.add(
          new NodeTarget(
              SlurmCluster.nodeName(index), SlurmCluster.nodeAddress(index), Release.V22_05, true));
    }
    TreeOptions options =
        new TreeOptions(treeWidth, Duration.ofSeconds(5), Audience.only(Uid.ROOT), DigestType.K12);
    Message ping = Message.empty(MessageType.REQUEST_PING);
    return new TreeMap<>(await(new NodeTree(client).sendAll(nodes, ping, options)));
  }

  private static void assertAnswers(SendOutcome outcome) {
    Reply reply = assertInstanceOf(Reply.class, outcome);
    assertEquals(MessageType.RESPONSE_PING_SLURMD, reply.type());
  }

  @Test
  void aNodeAnswersAPing() throws Exception {
    SendOutcome outcome =
        await(
            client.send(
                SlurmCluster.nodeAddress(1),
                Release.V22_05,
                Message.empty(MessageType.REQUEST_PING),
                SendOptions.to(Audience.only(Uid.ROOT))));
    assertAnswers(outcome);
    assertEquals(Uid.ROOT, ((Reply) outcome).sender().orElseThrow().uid());
  }

  @Test
  void aTreeGathersTheAnswersOfAll() throws Exception {
    Map<String, SendOutcome> outcomes = ping(2, List.of(1, 2, 3, 4, 6));
    assertEquals(5, outcomes.size());
    outcomes.values().forEach(RealNodesTest::assertAnswers);
  }

  @Test
  void aDeadHeadDoesNotHideTheNodesBehindIt() throws Exception {
    Map<String, SendOutcome> outcomes = ping(2, List.of(DEAD_HEAD, 1, 2, 3, 4));
    SendFailure failure =
        assertInstanceOf(SendFailure.class, outcomes.remove(SlurmCluster.nodeName(DEAD_HEAD)));
    assertEquals(Reason.REFUSED, failure.reason());
    assertEquals(4, outcomes.size());
    outcomes.values().forEach(RealNodesTest::assertAnswers);
  }

  @Test
  void aDeadLeafIsReportedByTheNodeAboveIt() throws Exception {
    Map<String, SendOutcome> outcomes = ping(1, List.of(1, 2, DEAD_LEAF));
    SendFailure failure =
        assertInstanceOf(SendFailure.class, outcomes.remove(SlurmCluster.nodeName(DEAD_LEAF)));
    assertEquals(Reason.NOT_FORWARDED, failure.reason());
    assertEquals(2, outcomes.size());
    outcomes.values().forEach(RealNodesTest::assertAnswers);
  }

  @Test
  void theRealControllerAnswersAPing() throws Exception {
    SendOutcome outcome =
        await(
            client.send(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), cluster.controllerPort),
                Release.V22_05,
                Message.empty(MessageType.REQUEST_PING),
                SendOptions.to(Audience.anyone())));
    Reply reply = assertInstanceOf(Reply.class, outcome);
    assertEquals(0, reply.returnCode().getAsLong());
  }
}

package baton.protocol.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.auth.Audience;
import baton.protocol.auth.Authenticator;
import baton.protocol.auth.DigestPolicy;
import baton.protocol.auth.MungeAuthenticator;
import baton.protocol.auth.MungePool;
import baton.protocol.message.MessageType;
import baton.protocol.message.NodeInfoRequest;
import baton.protocol.message.NodeInfoResponse;
import baton.protocol.type.Release;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debian's clients (22.05) against our server, which asks Debian's slurmctld through our client:
 * what they print must be what they print without us.
 */
class RealRelayTest {
  @TempDir static Path directory;
  private static final Set<MessageType> relayed = ConcurrentHashMap.newKeySet();
  private static SlurmCluster cluster;
  private static InetSocketAddress controller;
  private static EventLoops loops;
  private static Authenticator authenticator;
  private static SlurmClient client;
  private static SlurmServer server;
  private static Path conf;

  @BeforeAll
  static void start() throws Exception {
    cluster = SlurmCluster.create(directory);
    cluster.startSlurmctld();
    controller = new InetSocketAddress(InetAddress.getLoopbackAddress(), cluster.controllerPort);
    loops = new EventLoops(1);
    authenticator =
        new MungeAuthenticator(
            new MungePool(MungePool.Settings.of(cluster.munged.authInfo())), DigestPolicy.STRICT);
    client = new SlurmClient(loops, authenticator, SlurmClient.Settings.DEFAULT);
    int port = SlurmCluster.freePort();
    server =
        SlurmServer.bind(
            loops,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            authenticator,
            ServerLimits.DEFAULT,
            RealRelayTest::relay);
    conf = cluster.confWithControllerAt(port);
  }

  @AfterAll
  static void stop() {
    server.close();
    client.close();
    authenticator.close();
    loops.close();
    cluster.close();
  }

  private static CompletionStage<Answer> relay(Request request) {
    relayed.add(request.type());
    Message same = new Message(request.type(), request.body());
    return client
        .send(controller, request.release(), same, SendOptions.to(Audience.anyone()))
        .thenApply(
            outcome ->
                outcome instanceof Reply reply
                    ? Answer.of(reply.type(), reply.body())
                    : Answer.none());
  }

  @Test
  void theRealControllerTellsItsNodes() throws Exception {
    NodeInfoRequest all = NodeInfoRequest.builder().build();
    SendOutcome outcome =
        client
            .send(
                controller,
                Release.V22_05,
                new Message(MessageType.REQUEST_NODE_INFO, all),
                SendOptions.to(Audience.anyone()))
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    Reply reply = assertInstanceOf(Reply.class, outcome);
    NodeInfoResponse nodes = assertInstanceOf(NodeInfoResponse.class, reply.body());
    assertEquals(20, nodes.nodes().size());
    assertEquals("n1", nodes.nodes().get(0).nodeName());
  }

  private static void assertSame(String... command) throws Exception {
    SlurmCluster.Result direct = cluster.run(command);
    SlurmCluster.Result through = SlurmCluster.runWith(conf, command);
    assertEquals(direct, through, String.join(" ", command));
    assertTrue(!through.output().contains("Zero Bytes"), through.output());
  }

  @Test
  void clientsPrintTheSame() throws Exception {
    assertSame("sinfo");
    assertSame("sinfo", "-N", "-l", "-h", "-o", "%N %T %c %m %P");
    assertSame("scontrol", "show", "node", "n3");
    assertSame("scontrol", "show", "partition");
    assertSame("squeue");
    assertSame("scontrol", "show", "job", "1");
    assertTrue(relayed.contains(MessageType.REQUEST_PARTITION_INFO), relayed.toString());
    assertTrue(relayed.contains(MessageType.REQUEST_NODE_INFO), relayed.toString());
    assertTrue(relayed.contains(MessageType.REQUEST_JOB_INFO), relayed.toString());
  }

  @Test
  void aJobSubmittedThroughUsIsInTheQueue() throws Exception {
    SlurmCluster.Result submitted =
        SlurmCluster.runWith(conf, "sbatch", "-H", "-D", "/tmp", "--wrap", "true");
    assertTrue(submitted.output().startsWith("Submitted batch job "), submitted.output());
    SlurmCluster.Result queue = cluster.run("squeue", "-h", "-o", "%r %j");
    assertEquals("JobHeldUser wrap\n", queue.output());
  }
}

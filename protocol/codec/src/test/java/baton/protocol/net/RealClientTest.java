package baton.protocol.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.auth.Authenticator;
import baton.protocol.auth.DigestPolicy;
import baton.protocol.auth.MungeAuthenticator;
import baton.protocol.auth.MungePool;
import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageType;
import baton.protocol.type.Release;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's own clients (22.05) against our server. */
class RealClientTest {
  @TempDir static Path directory;
  private static final List<Request> requests = new CopyOnWriteArrayList<>();
  private static SlurmCluster cluster;
  private static EventLoops loops;
  private static Authenticator authenticator;
  private static SlurmServer server;

  @BeforeAll
  static void start() throws Exception {
    cluster = SlurmCluster.create(directory);
    loops = new EventLoops(1);
    authenticator =
        new MungeAuthenticator(
            new MungePool(MungePool.Settings.of(cluster.munged.authInfo())), DigestPolicy.STRICT);
    server =
        SlurmServer.bind(
            loops,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), cluster.controllerPort),
            authenticator,
            ServerLimits.DEFAULT,
            RealClientTest::handle);
  }

  @AfterAll
  static void stop() {
    server.close();
    authenticator.close();
    loops.close();
    cluster.close();
  }

  private static CompletionStage<Answer> handle(Request request) {
    requests.add(request);
    return CompletableFuture.completedStage(
        request.type() == MessageType.REQUEST_PING
            ? Answer.success()
            : Answer.returnCode(SlurmError.ESLURM_ACCESS_DENIED));
  }

  @Test
  void scontrolPingFindsTheControllerUp() throws Exception {
    requests.clear();
    SlurmCluster.Result ping = cluster.run("scontrol", "ping");
    assertTrue(ping.output().contains("is UP"), ping.output());
    assertEquals(0, ping.exitCode());
    Request request = requests.get(0);
    assertEquals(Release.V22_05, request.release());
    assertEquals(MessageType.REQUEST_PING, request.type());
    assertEquals(0, request.caller().uid().value());
    assertTrue(request.peer().getAddress().isLoopbackAddress());
  }

  @Test
  void scontrolPrintsTheErrorThatItIsTold() throws Exception {
    SlurmCluster.Result nodes = cluster.run("scontrol", "show", "node");
    assertTrue(nodes.output().contains("Access/permission denied"), nodes.output());
    assertEquals(1, nodes.exitCode());
  }
}

package baton.protocol.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.auth.Audience;
import baton.protocol.auth.Authenticator;
import baton.protocol.auth.DigestPolicy;
import baton.protocol.auth.MungeAuthenticator;
import baton.protocol.auth.MungeDaemon;
import baton.protocol.auth.MungePool;
import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageType;
import baton.protocol.net.SendFailure.Reason;
import baton.protocol.net.ServerCounters.Event;
import baton.protocol.type.Bytes;
import baton.protocol.type.Release;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our client against our server, in every release; and peers that misbehave. */
class LoopbackTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** A machine may stop for seconds: only what is about a time limit has a short one. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final ServerLimits LIMITS = limits(PATIENCE, PATIENCE, PATIENCE);

  @TempDir static Path directory;
  private static MungeDaemon munged;
  private static EventLoops loops;
  private static Authenticator authenticator;
  private static SlurmClient client;
  private SlurmServer server;

  @BeforeAll
  static void start() throws Exception {
    munged = MungeDaemon.start(directory.resolve("munge"));
    loops = new EventLoops(2);
    authenticator =
        new MungeAuthenticator(
            new MungePool(MungePool.Settings.of(munged.authInfo())), DigestPolicy.STRICT);
    client = new SlurmClient(loops, authenticator, SlurmClient.Settings.DEFAULT);
  }

  @AfterAll
  static void stop() {
    client.close();
    authenticator.close();
    loops.close();
    munged.close();
  }

  @AfterEach
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  private static ServerLimits limits(Duration idle, Duration frame, Duration handler) {
    return new ServerLimits(1 << 20, 4 << 20, 64, 32, 8, idle, frame, handler, PATIENCE);
  }

  private InetSocketAddress serve(MessageHandler handler) throws Exception {
    return serve(LIMITS, handler);
  }

  private InetSocketAddress serve(ServerLimits limits, MessageHandler handler) throws Exception {
    server = SlurmServer.bind(loops, ANY_PORT, authenticator, limits, handler);
    return server.address();
  }

  private static CompletionStage<Answer> now(Answer answer) {
    return CompletableFuture.completedStage(answer);
  }

  private static SendOptions options() {
    return SendOptions.to(Audience.anyone()).within(PATIENCE);
  }

  private static SendOutcome ping(InetSocketAddress peer, Release release) throws Exception {
    return await(client.send(peer, release, Message.empty(MessageType.REQUEST_PING), options()));
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static Reason reason(SendOutcome outcome) {
    return assertInstanceOf(SendFailure.class, outcome).reason();
  }

  @Test
  void theAnswerIsInTheReleaseOfTheQuestion() throws Exception {
    InetSocketAddress peer =
        serve(
            request ->
                now(
                    Answer.returnCode(
                        request.type() == MessageType.REQUEST_PING
                            ? SlurmError.ESLURM_ALREADY_DONE
                            : SlurmError.EINVAL)));
    for (Release release : Release.values()) {
      Reply reply = assertInstanceOf(Reply.class, ping(peer, release));
      assertEquals(release, reply.release());
      assertEquals(2021, reply.returnCode().getAsLong());
      assertEquals(release == Release.V22_05, reply.sender().isPresent(), release.label());
    }
    assertEquals(Release.values().length, server.counters().of(Event.ANSWERED));
  }

  @Test
  void anEncodedAnswerIsSentAsItIs() throws Exception {
    EncodedBody code = EncodedBody.of(Bytes.ofHex("0000"), Bytes.ofHex("07e1"));
    InetSocketAddress peer = serve(request -> now(Answer.of(MessageType.RESPONSE_SLURM_RC, code)));
    for (Release release : List.of(Release.V22_05, Release.V26_05)) {
      Reply reply = assertInstanceOf(Reply.class, ping(peer, release));
      assertEquals(2017, reply.returnCode().getAsLong());
    }
  }

  @Test
  void noAnswerClosesTheConnection() throws Exception {
    InetSocketAddress peer = serve(request -> now(Answer.none()));
    assertEquals(Reason.CLOSED, reason(ping(peer, Release.V24_11)));
    assertEquals(1, server.counters().of(Event.CLOSED_WITHOUT_REPLY));
  }

  @Test
  void aFaultOfTheHandlerEndsThatConnectionOnly() throws Exception {
    InetSocketAddress peer =
        serve(
            request -> {
              if (request.release() == Release.V23_02) {
                throw new IllegalStateException("broken");
              }
              return request.release() == Release.V23_11
                  ? CompletableFuture.failedStage(new IllegalStateException("broken later"))
                  : now(Answer.success());
            });
    assertEquals(Reason.CLOSED, reason(ping(peer, Release.V23_02)));
    assertEquals(Reason.CLOSED, reason(ping(peer, Release.V23_11)));
    assertInstanceOf(Reply.class, ping(peer, Release.V24_05));
    assertEquals(2, server.counters().of(Event.HANDLER_FAULT));
  }

  @Test
  void whatCannotBeToldBecomesAnInternalError() throws Exception {
    InetSocketAddress peer =
        serve(request -> now(Answer.of(MessageType.RESPONSE_SLURM_RC, "not its record")));
    Reply reply = assertInstanceOf(Reply.class, ping(peer, Release.V24_11));
    assertEquals(SlurmError.ESLURM_INTERNAL.number(), reply.returnCode().getAsLong());
  }

  @Test
  void aHandlerThatNeverAnswersIsCutOff() throws Exception {
    InetSocketAddress peer =
        serve(
            limits(PATIENCE, PATIENCE, Duration.ofMillis(500)),
            request -> new CompletableFuture<>());
    assertEquals(Reason.CLOSED, reason(ping(peer, Release.V24_11)));
    assertEquals(1, server.counters().of(Event.HANDLER_TIMEOUT));
  }

  @Test
  void theClientGivesUpInTime() throws Exception {
    InetSocketAddress peer = serve(request -> new CompletableFuture<>());
    SendOutcome outcome =
        await(
            client.send(
                peer,
                Release.V24_11,
                Message.empty(MessageType.REQUEST_PING),
                options().within(Duration.ofSeconds(2))));
    assertEquals(Reason.TIMEOUT, reason(outcome));
  }

  @Test
  void nobodyThereIsRefused() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    assertEquals(Reason.REFUSED, reason(ping(nobody, Release.V24_11)));
  }

  @Test
  void slowAndSilentPeersAreCutOff() throws Exception {
    InetSocketAddress peer =
        serve(
            limits(Duration.ofMillis(400), Duration.ofMillis(1200), PATIENCE),
            request -> now(Answer.success()));
    try (Socket silent = connect(peer);
        Socket slow = connect(peer)) {
      new DataOutputStream(slow.getOutputStream()).writeInt(1000);
      long start = System.nanoTime();
      boolean open = true;
      while (open && System.nanoTime() - start < PATIENCE.toNanos()) {
        try {
          slow.getOutputStream().write(0);
          Thread.sleep(100);
        } catch (java.io.IOException cut) {
          open = false;
        }
      }
      assertTrue(!open, "a slow peer is still there");
      assertEquals(-1, silent.getInputStream().read());
    }
    assertEquals(2, server.counters().of(Event.ARRIVAL_TIMEOUT));
    assertEquals(0, server.bytesInFlight());
  }

  @Test
  void anInsaneLengthIsCutOffAtOnce() throws Exception {
    InetSocketAddress peer = serve(request -> now(Answer.success()));
    for (int length : new int[] {0, 1 << 21, -1, 0x47455420}) {
      try (Socket socket = connect(peer)) {
        new DataOutputStream(socket.getOutputStream()).writeInt(length);
        assertEquals(-1, socket.getInputStream().read());
      }
    }
    assertEquals(4, server.counters().of(Event.BAD_LENGTH));
  }

  @Test
  void aNewerReleaseIsToldSoAndAnOlderOneIsNot() throws Exception {
    InetSocketAddress peer = serve(request -> now(Answer.success()));
    try (Socket socket = connect(peer)) {
      frame(socket, new byte[] {0x2e, 0, 0, 0, 3, (byte) 0xf0});
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] answer = in.readNBytes(in.readInt());
      // header of 26.05 without a credential, message 8001, body 1005
      assertEquals(
          "2d000040" + "1f41" + "00000004" + "0000" + "0000" + "0000" + "000003ed",
          Bytes.of(answer).toHex());
    }
    try (Socket socket = connect(peer)) {
      frame(socket, new byte[] {0x25, 0, 0, 0, 0, 0, 3, (byte) 0xf0});
      assertEquals(-1, socket.getInputStream().read());
    }
    assertEquals(2, server.counters().of(Event.UNKNOWN_VERSION));
  }

  @Test
  void aUserWithTooManyRequestsIsToldToBackOff() throws Exception {
    List<CompletableFuture<Answer>> held = new ArrayList<>();
    InetSocketAddress peer =
        serve(
            request -> {
              CompletableFuture<Answer> later = new CompletableFuture<>();
              synchronized (held) {
                held.add(later);
              }
              return later;
            });
    List<CompletionStage<SendOutcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < LIMITS.maxRequestsPerUid() + 3; i++) {
      outcomes.add(
          client.send(peer, Release.V24_11, Message.empty(MessageType.REQUEST_PING), options()));
    }
    until(() -> server.counters().of(Event.TOO_MANY_OF_USER) == 3);
    synchronized (held) {
      held.forEach(answer -> answer.complete(Answer.success()));
    }
    int backedOff = 0;
    for (CompletionStage<SendOutcome> outcome : outcomes) {
      Reply reply = assertInstanceOf(Reply.class, await(outcome));
      backedOff += reply.returnCode().getAsLong() == 1804 ? 1 : 0;
    }
    assertEquals(3, backedOff);
  }

  @Test
  void a2205UserWithTooManyRequestsWaits() throws Exception {
    List<CompletableFuture<Answer>> held = new CopyOnWriteArrayList<>();
    InetSocketAddress peer =
        serve(
            request -> {
              CompletableFuture<Answer> later = new CompletableFuture<>();
              held.add(later);
              return later;
            });
    List<CompletionStage<SendOutcome>> outcomes = new ArrayList<>();
    for (int i = 0; i <= LIMITS.maxRequestsPerUid(); i++) {
      outcomes.add(
          client.send(peer, Release.V22_05, Message.empty(MessageType.REQUEST_PING), options()));
    }
    until(() -> server.counters().of(Event.TOO_MANY_OF_USER) > 0);
    held.forEach(answer -> answer.complete(Answer.success()));
    until(() -> held.size() > LIMITS.maxRequestsPerUid());
    held.forEach(answer -> answer.complete(Answer.success()));
    for (CompletionStage<SendOutcome> outcome : outcomes) {
      assertEquals(0, assertInstanceOf(Reply.class, await(outcome)).returnCode().getAsLong());
    }
  }

  private static void until(BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    assertTrue(condition.getAsBoolean());
  }

  private static boolean refused(InetSocketAddress peer) {
    try {
      return reason(ping(peer, Release.V24_11)) == Reason.REFUSED;
    } catch (Exception noOutcome) {
      throw new AssertionError(noOutcome);
    }
  }

  @Test
  void moreMessagesThanMayWaitFailAtOnce() throws Exception {
    InetSocketAddress peer = serve(request -> new CompletableFuture<>());
    SlurmClient.Settings narrow = new SlurmClient.Settings(1, 1, 1 << 20, 1 << 20, PATIENCE);
    List<CompletionStage<SendOutcome>> outcomes = new ArrayList<>();
    try (SlurmClient small = new SlurmClient(loops, authenticator, narrow)) {
      for (int i = 0; i < 3; i++) {
        outcomes.add(
            small.send(peer, Release.V24_11, Message.empty(MessageType.REQUEST_PING), options()));
      }
      assertEquals(Reason.TOO_MANY, reason(await(outcomes.get(2))));
    }
    assertEquals(Reason.STOPPED, reason(await(outcomes.get(0))));
    assertEquals(Reason.STOPPED, reason(await(outcomes.get(1))));
  }

  @Test
  void drainingAnswersWhatArrivedAndTakesNoMore() throws Exception {
    CompletableFuture<Answer> later = new CompletableFuture<>();
    AtomicInteger arrived = new AtomicInteger();
    InetSocketAddress peer =
        serve(
            request -> {
              arrived.incrementAndGet();
              return later;
            });
    CompletionStage<SendOutcome> first =
        client.send(peer, Release.V24_11, Message.empty(MessageType.REQUEST_PING), options());
    until(() -> arrived.get() == 1);
    CompletionStage<Void> drained = server.drain(PATIENCE);
    // the kernel may still take and then reset a connection until the selector lets the port go
    until(() -> refused(peer));
    later.complete(Answer.success());
    assertInstanceOf(Reply.class, await(first));
    await(drained);
    assertEquals(1, arrived.get());
    assertEquals(0, server.openConnections());
    assertEquals(0, server.bytesInFlight());
  }

  @Test
  void moreConnectionsThanAllowedFromOneAddressAreClosed() throws Exception {
    InetSocketAddress peer = serve(request -> now(Answer.success()));
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i <= LIMITS.maxConnectionsPerAddress(); i++) {
        sockets.add(connect(peer));
      }
      assertEquals(-1, sockets.get(LIMITS.maxConnectionsPerAddress()).getInputStream().read());
      assertEquals(1, server.counters().of(Event.TOO_MANY_FROM_ADDRESS));
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static Socket connect(InetSocketAddress peer) throws Exception {
    Socket socket = new Socket(peer.getAddress(), peer.getPort());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  private static void frame(Socket socket, byte[] content) throws Exception {
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(content.length);
    out.write(content);
    out.flush();
  }
}

package baton.controller.replication.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is let in at the port, and who is not. The door answers with the name that it was told. */
final class PeerNetworkTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final byte[] WORD = "word".getBytes(StandardCharsets.UTF_8);

  private final MemberIdentity a = founder();
  private final List<PeerNetwork> networks = new ArrayList<>();
  private PeerNetwork server;

  private static MemberIdentity founder() {
    return MemberIdentity.found(UUID.randomUUID(), "a", Map.of("a", "127.0.0.1:1"), Instant.now());
  }

  private PeerNetwork network(MemberIdentity identity) throws IOException {
    PeerNetwork network =
        new PeerNetwork(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            (visitor, request) -> String.valueOf(visitor.member()).getBytes(StandardCharsets.UTF_8),
            TlsIdentity.none());
    network.become(identity);
    networks.add(network);
    return network;
  }

  private PeerNetwork client(MemberIdentity identity) throws IOException {
    PeerNetwork network = network(identity);
    network.learn("a", "127.0.0.1:" + server.port());
    return network;
  }

  @BeforeEach
  void start() throws IOException {
    server = network(a);
  }

  @AfterEach
  void stop() {
    networks.forEach(PeerNetwork::close);
  }

  private static byte[] ask(PeerNetwork from, String to) throws Exception {
    return from.call(to, Frame.Kind.DOOR, WORD, PATIENCE).get();
  }

  @Test
  void aMemberIsKnownByItsCertificate() throws Exception {
    PeerNetwork b = client(RelayedPeers.identity(a, "b", Instant.now()));
    assertArrayEquals("b".getBytes(StandardCharsets.UTF_8), ask(b, "a"));
  }

  @Test
  void whatAMemberAsksIsAnsweredUnderItsName() throws Exception {
    PeerNetwork b = client(RelayedPeers.identity(a, "b", Instant.now()));
    ExecutionException early =
        assertThrows(
            ExecutionException.class, () -> b.call("a", Frame.Kind.QUESTION, WORD, PATIENCE).get());
    assertTrue(early.getMessage().contains("not answered here"), early.getMessage());
    server
        .requests()
        .answer(
            (member, question) ->
                CompletableFuture.completedStage(
                    (member + new String(question, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8)));
    byte[] answer = b.call("a", Frame.Kind.QUESTION, WORD, PATIENCE).get();
    assertEquals("bword", new String(answer, StandardCharsets.UTF_8));
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    Instant longAgo = Instant.now().minus(Duration.ofDays(91));
    PeerNetwork b = client(RelayedPeers.identity(a, "b", longAgo));
    assertThrows(ExecutionException.class, () -> ask(b, "a"));
  }

  @Test
  void anotherClustersCertificateIsRefused() throws Exception {
    PeerNetwork b = client(RelayedPeers.identity(founder(), "b", Instant.now()));
    assertThrows(ExecutionException.class, () -> ask(b, "a"));
  }

  /** It believes any server, and shows a certificate of its own authority. */
  @Test
  void aCertificateOfAnotherAuthorityIsRefusedByTheServerToo() throws Exception {
    MemberIdentity stranger = RelayedPeers.identity(founder(), "b", Instant.now());
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(
        new KeyManager[] {new Stubborn(stranger)},
        new TrustManager[] {new DoorClient.LaterChecked()},
        null);
    try (Socket socket =
        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      byte[] request = Frames.bytes(new Frame(Frame.Kind.DOOR, 1, WORD));
      assertThrows(
          IOException.class,
          () -> {
            socket.getOutputStream().write(request);
            if (socket.getInputStream().read() < 0) {
              throw new IOException("ended");
            }
          });
    }
  }

  /** Shows its certificate although the server asks for one of another authority. */
  private static final class Stubborn extends X509ExtendedKeyManager {
    private static final String ALIAS = "member";
    private final MemberIdentity identity;

    Stubborn(MemberIdentity identity) {
      this.identity = identity;
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return ALIAS;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {identity.certificate(), identity.authority()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return identity.key();
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return null;
    }
  }

  @Test
  void whoShowsNoCertificateIsAGuest() throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, new TrustManager[] {new DoorClient.LaterChecked()}, null);
    try (Socket socket =
        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(Frames.bytes(new Frame(Frame.Kind.DOOR, 1, WORD)));
      byte[] answer = socket.getInputStream().readNBytes(4 + 1 + 8 + 4);
      assertEquals("null", new String(answer, 13, 4, StandardCharsets.UTF_8));
      socket.getOutputStream().write(Frames.bytes(new Frame(Frame.Kind.DOOR, 2, WORD)));
      assertEquals(-1, socket.getInputStream().read(), "one request is answered");
    }
  }

  @Test
  void aGuestAsksNothingOfTheGroup() throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, new TrustManager[] {new DoorClient.LaterChecked()}, null);
    for (Frame.Kind kind : Frame.Kind.values()) {
      if (kind != Frame.Kind.DOOR) {
        try (Socket socket =
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
          socket.setSoTimeout(10_000);
          socket.getOutputStream().write(Frames.bytes(new Frame(kind, 1, WORD)));
          assertEquals(-1, socket.getInputStream().read(), kind.toString());
        }
      }
    }
  }

  /** Frames as a stranger writes them. */
  private static final class Frames {
    static byte[] bytes(Frame frame) {
      io.netty.buffer.ByteBuf encoded = frame.encode();
      byte[] bytes = new byte[encoded.readableBytes()];
      encoded.readBytes(bytes);
      encoded.release();
      return bytes;
    }
  }

  @Test
  void whoAnswersMustBeWhoWasCalled() throws Exception {
    PeerNetwork b = client(RelayedPeers.identity(a, "b", Instant.now()));
    b.learn("c", "127.0.0.1:" + server.port());
    ExecutionException failure = assertThrows(ExecutionException.class, () -> ask(b, "c"));
    assertTrue(failure.getMessage().contains("did not prove its name"), failure.getMessage());
  }

  @Test
  void nobodySpeaksForAnotherMember() throws Exception {
    PeerNetwork b = client(RelayedPeers.identity(a, "b", Instant.now()));
    RequestVoteRequestProto asC =
        RequestVoteRequestProto.newBuilder()
            .setServerRequest(
                RaftRpcRequestProto.newBuilder()
                    .setRequestorId(ByteString.copyFromUtf8("c"))
                    .setReplyId(ByteString.copyFromUtf8("a")))
            .build();
    server.requests().serve(new UnusedRaftServer("a").proxy());
    ExecutionException failure =
        assertThrows(
            ExecutionException.class,
            () -> b.call("a", Frame.Kind.VOTE, asC.toByteArray(), PATIENCE).get());
    assertTrue(failure.getMessage().contains("b claims to be c"), failure.getMessage());
  }

  @Test
  void aNewCertificateTakesEffectWithoutAPause() throws Exception {
    MemberIdentity first = RelayedPeers.identity(a, "b", Instant.now());
    PeerNetwork b = client(first);
    ask(b, "a");
    b.become(first.renewed(Instant.now()));
    assertArrayEquals("b".getBytes(StandardCharsets.UTF_8), ask(b, "a"));
    server.become(a.renewed(Instant.now()));
    assertArrayEquals("b".getBytes(StandardCharsets.UTF_8), ask(b, "a"));
  }

  /** Whatever comes, the connection ends, and members are served as before. */
  @Test
  void whateverIsSentWithoutAHandshakeEndsTheConnection() throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      byte[] noise = new byte[1 + random.nextInt(4000)];
      random.nextBytes(noise);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(noise);
        socket.shutdownOutput();
        assertEnds(socket);
      }
    }
    PeerNetwork b = client(RelayedPeers.identity(a, "b", Instant.now()));
    assertArrayEquals("b".getBytes(StandardCharsets.UTF_8), ask(b, "a"));
  }

  private static void assertEnds(Socket socket) {
    try {
      InputStream in = socket.getInputStream();
      long read = 0;
      while (in.read() >= 0) {
        read++;
        assertTrue(read < 100_000, "it goes on and on");
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the connection stays", e);
    } catch (IOException reset) {
      // ended as well
    }
  }

  @Test
  void fewAtATimeMayWaitBeforeTheyProveThemselves() throws Exception {
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 80; i++) {
        idle.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
      }
      int ended = 0;
      for (Socket socket : idle) {
        socket.setSoTimeout(200);
        try {
          if (socket.getInputStream().read() < 0) {
            ended++;
          }
        } catch (java.net.SocketTimeoutException held) {
          // one of the few
        } catch (IOException reset) {
          ended++;
        }
      }
      assertTrue(ended >= 80 - 64, ended + " of 80 ended");
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  void aFrameOfOneThatIsNotAMemberIsShort() {
    assertEquals(16 << 10, PeerServer.GUEST_FRAME_BYTES);
    io.netty.channel.embedded.EmbeddedChannel channel =
        new io.netty.channel.embedded.EmbeddedChannel(
            new Frame.Decoder(PeerServer.GUEST_FRAME_BYTES));
    io.netty.buffer.ByteBuf head =
        io.netty.buffer.Unpooled.buffer().writeInt(PeerServer.GUEST_FRAME_BYTES + 1);
    assertThrows(
        io.netty.handler.codec.CorruptedFrameException.class, () -> channel.writeInbound(head));
  }
}

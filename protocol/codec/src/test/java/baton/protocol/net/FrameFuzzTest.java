package baton.protocol.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.auth.Audience;
import baton.protocol.auth.AuthRefusal;
import baton.protocol.auth.AuthSection;
import baton.protocol.auth.Authenticator;
import baton.protocol.auth.Caller;
import baton.protocol.auth.DigestType;
import baton.protocol.auth.SealOutcome;
import baton.protocol.auth.Verified;
import baton.protocol.auth.VerifyOutcome;
import baton.protocol.message.MessageHeader;
import baton.protocol.message.MessageType;
import baton.protocol.net.ServerCounters.Event;
import baton.protocol.type.Bytes;
import baton.protocol.type.Gid;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Arbitrary and damaged bytes: the connection ends, with at most one error reply, nothing is
 * thrown, memory stays in proportion to what arrived, and all of it is given back.
 */
class FrameFuzzTest {
  private static final int MAX_FRAME_BYTES = 1 << 16;

  /** Believes the token "good" of uid 1000. */
  private static final class Gullible implements Authenticator {
    @Override
    public CompletionStage<SealOutcome> seal(Supplier<Bytes> payload, Audience audience) {
      return CompletableFuture.completedStage(AuthSection.munge("good"));
    }

    @Override
    public CompletionStage<VerifyOutcome> verify(
        AuthSection section, int messageType, List<ByteBuffer> body) {
      return CompletableFuture.completedStage(
          section.token().equals("good")
              ? new Verified(
                  new Caller(Uid.of(1000), Gid.of(1000), Optional.empty()), DigestType.K12)
              : new AuthRefusal(AuthRefusal.Reason.INVALID, "not good"));
    }

    @Override
    public void close() {}
  }

  /** One connection to a server that answers everything with success. */
  private static final class Connection {
    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    final ServerLimits limits =
        new ServerLimits(
            MAX_FRAME_BYTES,
            1 << 20,
            1,
            1,
            1,
            ServerLimits.DEFAULT.idleTimeout(),
            ServerLimits.DEFAULT.frameTimeout(),
            ServerLimits.DEFAULT.handlerTimeout(),
            ServerLimits.DEFAULT.writeTimeout());
    final List<Request> requests = new ArrayList<>();
    final ServerContext context = new ServerContext(new Gullible(), this::handle, limits);
    final EmbeddedChannel channel =
        new EmbeddedChannel() {
          @Override
          protected SocketAddress remoteAddress0() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
          }
        };

    Connection() {
      channel.config().setAllocator(allocator);
      channel.pipeline().addLast(new ServerConnection(context));
    }

    private CompletionStage<Answer> handle(Request request) {
      requests.add(request);
      return CompletableFuture.completedStage(Answer.success());
    }

    void send(byte[] bytes, int chunk) {
      int sent = 0;
      while (sent < bytes.length && channel.isOpen()) {
        int length = Math.min(chunk, bytes.length - sent);
        ByteBuf piece = allocator.heapBuffer(length).writeBytes(bytes, sent, length);
        channel.writeInbound(piece);
        channel.runPendingTasks();
        sent += length;
        assertTrue(
            allocator.metric().usedHeapMemory() <= 4L * sent + (1 << 16),
            "holds more than what arrived justifies");
      }
      channel.checkException();
    }

    /** Ends the connection and gives the bytes that were written to it. */
    byte[] end() {
      channel.runPendingTasks();
      channel.checkException();
      ByteBuf written = Unpooled.buffer();
      for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
        written.writeBytes(part);
        part.release();
      }
      channel.close().syncUninterruptibly();
      channel.runPendingTasks();
      assertEquals(0, context.budget().used(), "bytes still accounted for");
      assertEquals(0, allocator.metric().usedHeapMemory(), "memory not given back");
      assertEquals(0, context.counters().of(Event.HANDLER_FAULT));
      byte[] bytes = new byte[written.readableBytes()];
      written.readBytes(bytes);
      return bytes;
    }
  }

  private static void assertAtMostOneFrame(byte[] written) {
    if (written.length > 0) {
      int length = ByteBuffer.wrap(written).getInt();
      assertEquals(written.length - 4, length);
    }
  }

  private static byte[] ping(Release release) {
    MessageHeader.Builder header =
        MessageHeader.builder().messageType(MessageType.REQUEST_PING.number(release));
    ByteBuf head =
        OutgoingMessage.head(
            UnpooledByteBufAllocator.DEFAULT,
            release,
            header,
            Optional.of(AuthSection.munge("good")),
            0);
    byte[] bytes = new byte[head.readableBytes()];
    head.readBytes(bytes);
    head.release();
    return bytes;
  }

  @Property(tries = 2000)
  void arbitraryBytesEndTheConnection(
      @ForAll @Size(max = 300) byte[] bytes, @ForAll @IntRange(min = 1, max = 64) int chunk) {
    Connection connection = new Connection();
    connection.send(bytes, chunk);
    assertAtMostOneFrame(connection.end());
    assertTrue(connection.requests.isEmpty());
  }

  @Property(tries = 2000)
  void arbitraryFramesOfKnownReleasesEndTheConnection(
      @ForAll Release release,
      @ForAll @Size(max = 200) byte[] rest,
      @ForAll @IntRange(min = 1, max = 64) int chunk) {
    ByteBuffer frame = ByteBuffer.allocate(6 + rest.length);
    frame.putInt(2 + rest.length).putShort((short) release.protocolVersion()).put(rest);
    Connection connection = new Connection();
    connection.send(frame.array(), chunk);
    assertAtMostOneFrame(connection.end());
    assertTrue(connection.requests.isEmpty());
  }

  @Property(tries = 2000)
  void aDamagedRequestIsAnsweredAtMostOnce(
      @ForAll Release release,
      @ForAll @IntRange(min = 4, max = 60) int at,
      @ForAll byte damage,
      @ForAll @IntRange(min = 0, max = 8) int cut,
      @ForAll @IntRange(min = 1, max = 64) int chunk) {
    byte[] whole = ping(release);
    byte[] bytes = Arrays.copyOf(whole, whole.length - cut);
    ByteBuffer.wrap(bytes).putInt(bytes.length - 4);
    bytes[at % bytes.length] ^= damage;
    Connection connection = new Connection();
    connection.send(bytes, chunk);
    assertAtMostOneFrame(connection.end());
    assertTrue(connection.requests.size() <= 1);
  }

  @Property
  void anyChunkingGivesTheSameRequest(
      @ForAll Release release, @ForAll @IntRange(min = 1, max = 100) int chunk) {
    Connection connection = new Connection();
    connection.send(ping(release), chunk);
    assertFalse(connection.end().length == 0);
    assertEquals(1, connection.requests.size());
    assertEquals(MessageType.REQUEST_PING, connection.requests.get(0).type());
    assertEquals(release, connection.requests.get(0).release());
  }

  @Property
  void announcedLengthsTakeNoMemory(@ForAll @IntRange(min = 1, max = MAX_FRAME_BYTES) int length) {
    Connection connection = new Connection();
    connection.send(ByteBuffer.allocate(5).putInt(length).put((byte) 0x26).array(), 1);
    assertTrue(connection.allocator.metric().usedHeapMemory() <= 1024);
    assertEquals(0, connection.end().length);
  }
}

package baton.protocol.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.buffer.WireException;
import baton.protocol.buffer.WireReader;
import baton.protocol.buffer.WireWriter;
import baton.protocol.message.MessageType;
import baton.protocol.type.Release;
import baton.protocol.wire.MessageCodec;
import baton.protocol.wire.Samples;
import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Damaged bodies through every decoder: nothing is thrown but {@link WireException}, and little is
 * allocated for few bytes.
 */
class DecoderFuzzTest {

  /**
   * What decoding may allocate in all, garbage included: twice the bounds of {@link
   * baton.protocol.buffer.WireLimits}, which are of what stays, and again as much for builders and
   * copies of lists.
   */
  private static final long BASE_BYTES = 4 << 20;

  private static final long BYTES_PER_WIRE_BYTE = 256;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final List<Golden> GOLDENS =
      Golden.all().stream().filter(golden -> golden.body().length() > 0).toList();
  private static final List<Release> RELEASES = List.of(Release.values());
  private static final List<MessageType> TYPES = List.of(MessageType.values());
  private static final int[] HUGE = {
    0xffffffff, 0xfffffffe, 0x7fffffff, 0x40000000, 0x3fffffff, 0x01000000, 0x0000ffff
  };

  @Property(tries = 6000)
  void damagedGoldens(@ForAll long seed) {
    Random random = new Random(seed);
    Golden golden = GOLDENS.get(random.nextInt(GOLDENS.size()));
    MessageType type = golden.messageType().orElseThrow();
    decode(type, golden.body().toByteArray(), golden.release());
    check(type, damaged(golden.body().toByteArray(), random), golden.release());
  }

  @Property(tries = 6000)
  void damagedSamples(@ForAll long seed) {
    Random random = new Random(seed);
    Release release = RELEASES.get(random.nextInt(RELEASES.size()));
    MessageType type = TYPES.get(random.nextInt(TYPES.size()));
    if (type.isSpoken(release)) {
      ByteBuf out = Unpooled.buffer();
      Object body = Samples.body(type, seed, release);
      MessageCodec.encodeBody(type, body, new WireWriter(out), release);
      byte[] bytes = ByteBufUtil.getBytes(out);
      decode(type, bytes, release);
      check(type, damaged(bytes, random), release);
    }
  }

  /** A body of one release read as of another. */
  @Property(tries = 2000)
  void bodiesOfOtherReleases(@ForAll long seed) {
    Random random = new Random(seed);
    Golden golden = GOLDENS.get(random.nextInt(GOLDENS.size()));
    Release release = RELEASES.get(random.nextInt(RELEASES.size()));
    MessageType type = golden.messageType().orElseThrow();
    if (type.isSpoken(release)) {
      decode(type, golden.body().toByteArray(), release);
      check(type, golden.body().toByteArray(), release);
    }
  }

  private static void check(MessageType type, byte[] body, Release release) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    decode(type, body, release);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(
        allocated <= BASE_BYTES + BYTES_PER_WIRE_BYTE * body.length,
        () -> type + " in " + release + ": " + allocated + " bytes for " + body.length);
  }

  private static void decode(MessageType type, byte[] body, Release release) {
    try {
      MessageCodec.decodeBody(type, new WireReader(Unpooled.wrappedBuffer(body)), release);
    } catch (WireException e) {
      assertTrue(
          e.offset() >= 0 && e.offset() <= body.length && !e.layout().isEmpty(), e.toString());
    }
  }

  private static byte[] damaged(byte[] body, Random random) {
    ByteBuf bytes = Unpooled.buffer().writeBytes(body);
    int times = 1 + random.nextInt(4);
    for (int i = 0; i < times && bytes.readableBytes() > 0; i++) {
      int length = bytes.writerIndex();
      int at = random.nextInt(length);
      switch (random.nextInt(5)) {
        case 0 -> bytes.setByte(at, bytes.getByte(at) ^ 1 << random.nextInt(8));
        case 1 -> bytes.writerIndex(at);
        case 2 -> bytes.ensureWritable(4).setInt(at, HUGE[random.nextInt(HUGE.length)]);
        case 3 -> bytes.writeBytes(bytes.copy(at, length - at));
        default -> bytes.setByte(at, random.nextInt(256));
      }
    }
    return ByteBufUtil.getBytes(bytes);
  }
}

package baton.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import baton.protocol.buffer.WireReader;
import baton.protocol.buffer.WireWriter;
import baton.protocol.message.MessageType;
import baton.protocol.type.Release;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every message in every release: a sample written and read again is the same, and takes all its
 * bytes. This shows that codecs are symmetric; that they are right, only recorded bytes show.
 */
class SampleRoundTripTest {

  private static final int SEEDS = 20;

  @ParameterizedTest
  @EnumSource(Release.class)
  void everyBodySurvives(Release release) {
    for (MessageType type : MessageType.values()) {
      if (type.isSpoken(release)) {
        for (long seed = 0; seed < SEEDS; seed++) {
          survives(type, release, seed);
        }
      }
    }
  }

  private static void survives(MessageType type, Release release, long seed) {
    Object body = Samples.body(type, seed, release);
    String place = type + " in " + release + ", seed " + seed;
    ByteBuf bytes = Unpooled.buffer();
    MessageCodec.encodeBody(type, body, new WireWriter(bytes), release);
    String written = ByteBufUtil.hexDump(bytes);
    Object read = MessageCodec.decodeBody(type, new WireReader(bytes), release);
    assertEquals(body, read, place);
    assertEquals(0, bytes.readableBytes(), place);
    ByteBuf again = Unpooled.buffer();
    MessageCodec.encodeBody(type, read, new WireWriter(again), release);
    assertEquals(written, ByteBufUtil.hexDump(again), place);
  }
}

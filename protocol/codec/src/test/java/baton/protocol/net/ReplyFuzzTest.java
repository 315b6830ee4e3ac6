package baton.protocol.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.auth.AuthSection;
import baton.protocol.buffer.WireException;
import baton.protocol.buffer.WireWriter;
import baton.protocol.message.Address;
import baton.protocol.message.MessageHeader;
import baton.protocol.message.MessageType;
import baton.protocol.message.PingSlurmdResponse;
import baton.protocol.message.ReturnItemHead;
import baton.protocol.type.Release;
import baton.protocol.wire.AddressCodec;
import baton.protocol.wire.MessageCodec;
import baton.protocol.wire.MessageHeaderCodec;
import baton.protocol.wire.ReturnItemHeadCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Replies of any bytes give a message or the one decoding error. */
class ReplyFuzzTest {
  private static final int NODES = 3;

  /** What the head of a branch answers to a ping, for itself and two nodes behind it. */
  private static ByteBuf gatheredPing(Release release) {
    ByteBuf frame = Unpooled.buffer();
    WireWriter out = new WireWriter(frame);
    ByteBuf body = Unpooled.buffer();
    PingSlurmdResponse pong = PingSlurmdResponse.builder().cpuLoad(7).build();
    MessageCodec.encodeBody(MessageType.RESPONSE_PING_SLURMD, pong, new WireWriter(body), release);
    int number = MessageType.RESPONSE_PING_SLURMD.number(release);
    MessageHeaderCodec.encode(
        MessageHeader.builder()
            .version(release.protocolVersion())
            .flags(HeaderFlags.NO_AUTH_CRED)
            .messageType(number)
            .bodyLength(body.readableBytes())
            .returnCount(NODES)
            .build(),
        out,
        release);
    for (int i = 0; i < NODES; i++) {
      boolean failed = i == 1;
      ReturnItemHead head =
          ReturnItemHead.builder()
              .nodeName("n" + i)
              .errorCode(failed ? 1001 : 0)
              .messageType(failed ? 9001 : number)
              .build();
      ReturnItemHeadCodec.encode(head, out, release);
      if (!failed) {
        MessageCodec.encodeBody(MessageType.RESPONSE_PING_SLURMD, pong, out, release);
      }
    }
    AddressCodec.encode(Address.DEFAULT, out, release);
    if (!HeaderFlags.repliesWithoutCredential(release)) {
      AuthSection.munge("good").encode(out);
    }
    frame.writeBytes(body);
    return frame;
  }

  @Property
  void gatheredAnswersAreRead(@ForAll Release release) {
    IncomingMessage reply = IncomingMessage.reply(gatheredPing(release), release);
    assertEquals(NODES, reply.gathered().size());
    assertEquals("n0", reply.gathered().get(0).nodeName());
    assertEquals(1001, reply.gathered().get(1).errorCode());
    assertTrue(reply.gathered().get(1).type().isEmpty());
    PingSlurmdResponse pong = (PingSlurmdResponse) reply.gathered().get(2).body();
    assertEquals(7, pong.cpuLoad());
    assertEquals(pong, reply.decodeBody(MessageType.RESPONSE_PING_SLURMD));
  }

  @Property(tries = 3000)
  void damagedRepliesAreReadOrRefused(
      @ForAll Release release,
      @ForAll @Size(min = 1, max = 4) int[] places,
      @ForAll byte damage,
      @ForAll @IntRange(min = 0, max = 20) int cut) {
    ByteBuf frame = gatheredPing(release);
    frame.writerIndex(frame.writerIndex() - cut);
    for (int place : places) {
      int at = Math.floorMod(place, frame.readableBytes());
      frame.setByte(at, frame.getByte(at) ^ damage);
    }
    readOrRefuse(frame, release);
  }

  @Property(tries = 3000)
  void arbitraryRepliesAreReadOrRefused(
      @ForAll Release release, @ForAll @Size(max = 300) byte[] bytes) {
    readOrRefuse(Unpooled.wrappedBuffer(bytes), release);
  }

  private static void readOrRefuse(ByteBuf frame, Release release) {
    int bytes = frame.readableBytes();
    try {
      IncomingMessage reply = IncomingMessage.reply(frame, release);
      assertTrue(reply.body().readableBytes() <= bytes);
    } catch (WireException refused) {
      assertTrue(refused.offset() <= bytes, refused::getMessage);
    }
  }
}

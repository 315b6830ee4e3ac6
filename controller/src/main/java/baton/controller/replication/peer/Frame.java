package baton.controller.replication.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What goes over a connection: length (u32, of all that follows), kind (u8), number (u64), body. An
 * answer carries the number of its request; numbers are each connection's own.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Frame(Kind kind, long number, byte[] body) {
  private static final int HEAD_BYTES = 1 + Long.BYTES;

  /** Kinds of frames. */
  enum Kind {
    /** Ratis' requests, as its protobuf. */
    VOTE(0),
    APPEND(1),
    SNAPSHOT(2),
    ELECTION(3),
    /** A {@link ClientWire} request. */
    CLIENT(4),
    /** A {@link DoorWire} request. */
    DOOR(5),
    /** The answer to any of them. */
    ANSWER(6),
    /** The request was not carried out; the body is a sentence. */
    FAILURE(7),
    /** What a member asks beyond Raft; its body is no matter of the transport. */
    QUESTION(8);

    private static final Kind[] ALL = values();

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** What stands for it on the wire. */
    int code() {
      return code;
    }

    private static Kind of(int code) {
      for (Kind kind : ALL) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new CorruptedFrameException("a frame of kind " + code);
    }
  }

  static Frame failure(long number, String why) {
    return new Frame(Kind.FAILURE, number, why.getBytes(StandardCharsets.UTF_8));
  }

  ByteBuf encode() {
    ByteBuf head = Unpooled.buffer(Integer.BYTES + HEAD_BYTES);
    head.writeInt(HEAD_BYTES + body.length).writeByte(kind.code()).writeLong(number);
    return Unpooled.wrappedBuffer(head, Unpooled.wrappedBuffer(body));
  }

  /** Takes frames out of a connection's bytes; a longer one than allowed ends the connection. */
  static final class Decoder extends ByteToMessageDecoder {
    private int longest;

    Decoder(int longest) {
      this.longest = longest;
    }

    /** To be called on the connection's event loop. */
    void allow(int bytes) {
      longest = bytes;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      if (in.readableBytes() < Integer.BYTES) {
        return;
      }
      int length = in.getInt(in.readerIndex());
      if (length < HEAD_BYTES || length > longest) {
        throw new CorruptedFrameException("a frame of " + length + " bytes");
      }
      if (in.readableBytes() < Integer.BYTES + length) {
        return;
      }
      in.skipBytes(Integer.BYTES);
      Kind kind = Kind.of(in.readUnsignedByte());
      long number = in.readLong();
      byte[] body = new byte[length - HEAD_BYTES];
      in.readBytes(body);
      out.add(new Frame(kind, number, body));
    }
  }
}

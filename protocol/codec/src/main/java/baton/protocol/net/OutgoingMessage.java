package baton.protocol.net;

import baton.protocol.auth.AuthSection;
import baton.protocol.buffer.WireException;
import baton.protocol.buffer.WireWriter;
import baton.protocol.message.Address;
import baton.protocol.message.MessageHeader;
import baton.protocol.message.MessageType;
import baton.protocol.type.Bytes;
import baton.protocol.type.Release;
import baton.protocol.wire.AddressCodec;
import baton.protocol.wire.MessageCodec;
import baton.protocol.wire.MessageHeaderCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Makes frames: the body first, since its credential and its length go before it. */
final class OutgoingMessage {
  private static final Address UNSPECIFIED = Address.DEFAULT;
  private static final int HEAD_BYTES = 512;

  /** Up to here parts are copied together; beyond, they are sent from where they are. */
  private static final int COPY_BYTES = 1 << 16;

  /** Up to here a body is copied behind its head: one buffer is written with less ado than two. */
  private static final int SMALL_BODY_BYTES = 1 << 12;

  private OutgoingMessage() {}

  /**
   * Encodes the body; fails with WireException when it cannot be told to that release. The caller
   * releases the buffer.
   */
  static ByteBuf body(ByteBufAllocator allocator, Message message, Release release) {
    MessageType type = message.type();
    if (!type.isSpoken(release)) {
      throw new WireException(type.name(), "type", 0, "unknown in " + release);
    }
    if (message.body() instanceof EncodedBody encoded) {
      return joined(allocator, encoded);
    }
    ByteBuf body = allocator.heapBuffer();
    try {
      MessageCodec.encodeBody(type, message.body(), new WireWriter(body), release);
      return body;
    } catch (WireException notToBeTold) {
      body.release();
      throw notToBeTold;
    } catch (RuntimeException notItsRecord) {
      body.release();
      throw new WireException(type.name(), "body", 0, notItsRecord.toString());
    }
  }

  private static ByteBuf joined(ByteBufAllocator allocator, EncodedBody encoded) {
    List<Bytes> parts = encoded.parts();
    long bytes = encoded.bytes();
    if (bytes > Integer.MAX_VALUE) {
      throw new WireException("", "body", 0, bytes + " bytes do not fit a frame");
    }
    if (parts.size() == 1) {
      return Unpooled.wrappedBuffer(parts.get(0).asByteBuffer());
    }
    if (bytes <= COPY_BYTES || bytes / parts.size() < HEAD_BYTES) {
      ByteBuf body = allocator.heapBuffer((int) bytes);
      for (Bytes part : parts) {
        body.writeBytes(part.asByteBuffer());
      }
      return body;
    }
    CompositeByteBuf body = allocator.compositeHeapBuffer(Math.max(parts.size(), 16));
    for (Bytes part : parts) {
      body.addComponent(true, Unpooled.wrappedBuffer(part.asByteBuffer()));
    }
    return body;
  }

  /** The body's pieces for the authenticator; valid as long as the buffer is. */
  static List<ByteBuffer> pieces(ByteBuf body) {
    return List.of(body.nioBuffers());
  }

  /**
   * The frame up to the body: length, header, credential.
   *
   * @param header all but the body's length
   * @param auth empty when the header's flags say so
   */
  static ByteBuf head(
      ByteBufAllocator allocator,
      Release release,
      MessageHeader.Builder header,
      Optional<AuthSection> auth,
      int bodyBytes) {
    ByteBuf head = allocator.buffer(HEAD_BYTES + (bodyBytes <= SMALL_BODY_BYTES ? bodyBytes : 0));
    try {
      head.writeInt(0);
      WireWriter out = new WireWriter(head);
      MessageHeader complete =
          header.version(release.protocolVersion()).bodyLength(bodyBytes).build();
      MessageHeaderCodec.encode(complete, out, release);
      AddressCodec.encode(UNSPECIFIED, out, release);
      auth.ifPresent(section -> section.encode(out));
      head.setInt(0, head.readableBytes() - Integer.BYTES + bodyBytes);
      return head;
    } catch (WireException failed) {
      head.release();
      throw failed;
    }
  }

  /** Head and body as the buffers to be written; takes both over. */
  static List<ByteBuf> joined(ByteBuf head, ByteBuf body) {
    if (body.readableBytes() > SMALL_BODY_BYTES) {
      return List.of(head, body);
    }
    head.writeBytes(body);
    body.release();
    return List.of(head);
  }
}

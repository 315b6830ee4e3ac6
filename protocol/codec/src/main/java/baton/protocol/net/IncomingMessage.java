package baton.protocol.net;

import baton.protocol.auth.AuthSection;
import baton.protocol.buffer.WireException;
import baton.protocol.buffer.WireReader;
import baton.protocol.message.MessageHeader;
import baton.protocol.message.MessageType;
import baton.protocol.message.ReturnItemHead;
import baton.protocol.type.Release;
import baton.protocol.wire.AddressCodec;
import baton.protocol.wire.MessageCodec;
import baton.protocol.wire.MessageHeaderCodec;
import baton.protocol.wire.ReturnItemHeadCodec;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A frame taken apart: header, credential, and the body as bytes.
 *
 * @param release what it is written in
 * @param header the header
 * @param gathered answers of other nodes, in replies to forwarded messages
 * @param origin where the message started
 * @param auth the auth section; empty when the header says that there is none
 * @param body a slice of the frame, valid as long as the frame is
 */
record IncomingMessage(
    Release release,
    MessageHeader header,
    List<ReturnItem> gathered,
    Optional<InetSocketAddress> origin,
    Optional<AuthSection> auth,
    ByteBuf body) {
  private static final int RESPONSE_FORWARD_FAILED = 9001;
  private static final int SMALLEST_ITEM_BYTES = 10;

  /** The protocol version that opens a frame; fails with WireException on a frame without one. */
  static int version(ByteBuf frame) {
    if (frame.readableBytes() < Short.BYTES) {
      throw new WireException("MessageHeader", "version", 0, "frame ends before it");
    }
    return frame.getUnsignedShort(frame.readerIndex());
  }

  /**
   * Takes a request apart, which gathers nothing: what other nodes answered would have to be
   * decoded before any credential is checked.
   */
  static IncomingMessage request(ByteBuf frame, Release release) {
    return parse(frame, release, false);
  }

  /** Takes a reply apart. */
  static IncomingMessage reply(ByteBuf frame, Release release) {
    return parse(frame, release, true);
  }

  private static IncomingMessage parse(ByteBuf frame, Release release, boolean mayGather) {
    WireReader in = new WireReader(frame);
    MessageHeader header = MessageHeaderCodec.decode(in, release);
    if (header.returnCount() > 0 && !mayGather) {
      throw in.error("MessageHeader.returnCount", "a request gathers no answers");
    }
    List<ReturnItem> gathered = gathered(in, header, release);
    Optional<InetSocketAddress> origin = SocketAddresses.of(AddressCodec.decode(in, release));
    Optional<AuthSection> auth = Optional.empty();
    if (!HeaderFlags.withoutCredential(header.flags(), release)) {
      auth = AuthSection.decode(in);
      if (auth.isEmpty()) {
        throw in.error("auth.plugin", "not a plugin that we know");
      }
    }
    if (header.bodyLength() != in.remaining()) {
      throw in.error(
          "MessageHeader.bodyLength",
          header.bodyLength() + " of " + in.remaining() + " bytes left");
    }
    return new IncomingMessage(
        release, header, gathered, origin, auth, frame.slice(frame.readerIndex(), in.remaining()));
  }

  private static List<ReturnItem> gathered(WireReader in, MessageHeader header, Release release) {
    int count =
        in.count("MessageHeader.returnCount", header.returnCount(), 0xffff, SMALLEST_ITEM_BYTES);
    List<ReturnItem> items = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ReturnItemHead head = ReturnItemHeadCodec.decode(in, release);
      String name = head.nodeName() == null ? "" : head.nodeName();
      if (head.messageType() == RESPONSE_FORWARD_FAILED) {
        items.add(new ReturnItem(name, head.errorCode(), Optional.empty(), null));
        continue;
      }
      Optional<MessageType> type = MessageType.of(head.messageType(), release);
      if (type.isEmpty()) {
        throw in.error("ReturnItemHead.messageType", "unknown type " + head.messageType());
      }
      Object body = MessageCodec.decodeBody(type.get(), in, release);
      items.add(new ReturnItem(name, head.errorCode(), type, body));
    }
    return items;
  }

  /** The body as the authenticator wants it. */
  List<ByteBuffer> bodyBuffers() {
    return List.of(body.nioBuffers());
  }

  /** Decodes the body; call it once the credential is verified. */
  Object decodeBody(MessageType type) {
    WireReader in = new WireReader(body.duplicate());
    Object decoded = MessageCodec.decodeBody(type, in, release);
    in.expectEnd(type.name());
    return decoded;
  }
}

package baton.protocol.record;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * One message as it stood on the wire, taken apart into header, authentication (dropped) and body.
 *
 * <p>The layout is that of Slurm 22.05 and later: version, flags, type, body length, forwarding,
 * answers gathered from other nodes, originating address, then the credential unless a flag says
 * that there is none.
 *
 * @param version protocol version of the header, 0x2600 for 22.05
 * @param type message number
 * @param bodyHex exactly the bytes that the header announces as body
 */
record Frame(
    int version,
    int flags,
    int type,
    Optional<Forward> forward,
    List<Returned> returned,
    boolean hasCredential,
    String bodyHex) {

  private static final int FLAG_NO_CREDENTIAL = 0x40;
  private static final int FLAG_PACK_ADDRESSES = 0x80;
  private static final int VERSION_22_05 = 38 << 8;
  private static final int VERSION_23_11 = 40 << 8;
  private static final int VERSION_24_11 = 42 << 8;
  private static final int VERSION_26_05 = 45 << 8;
  private static final int PLUGIN_MUNGE = 101;
  private static final int RESPONSE_RC = 8001;
  private static final int RESPONSE_PING_SLURMD = 1016;
  private static final int RESPONSE_FORWARD_FAILED = 9001;
  private static final int FAMILY_IPV4 = 2;
  private static final int FAMILY_IPV6 = 10;

  /** To whom the receiver must pass the message on. */
  record Forward(String nodes, long timeoutMillis, int treeWidth) {}

  /** What another node answered. */
  record Returned(long error, int type, String node, String bodyHex) {}

  /** What bytes that are no message of a known version lead to. */
  static final class NotAMessage extends Exception {
    private static final long serialVersionUID = 1L;

    NotAMessage(String why) {
      super(why);
    }
  }

  int bodyBytes() {
    return bodyHex.length() / 2;
  }

  /** Reads the frame whose content (without the leading length) is given. */
  static Frame parse(byte[] content) throws NotAMessage {
    try {
      return parse(ByteBuffer.wrap(content));
    } catch (BufferUnderflowException e) {
      throw new NotAMessage("header ends early");
    }
  }

  private static Frame parse(ByteBuffer in) throws NotAMessage {
    int version = u16(in);
    if (version < VERSION_22_05 || version > VERSION_26_05 || (version & 0xff) != 0) {
      throw new NotAMessage("version " + version);
    }
    int flags = u16(in);
    int type = u16(in);
    long bodyBytes = Integer.toUnsignedLong(in.getInt());
    if (bodyBytes > in.remaining()) {
      throw new NotAMessage("body longer than the frame");
    }
    Optional<Forward> forward = forward(in, version, flags);
    List<Returned> returned = returned(in, version);
    skipAddress(in);
    boolean hasCredential = (flags & FLAG_NO_CREDENTIAL) == 0;
    if (hasCredential) {
      skipCredential(in);
    }
    if (in.remaining() != bodyBytes) {
      throw new NotAMessage("type " + type + ": " + in.remaining() + " bytes left of " + bodyBytes);
    }
    String body = HexFormat.of().formatHex(copy(in, in.position(), in.remaining()));
    return new Frame(version, flags, type, forward, returned, hasCredential, body);
  }

  private static Optional<Forward> forward(ByteBuffer in, int version, int flags)
      throws NotAMessage {
    if (u16(in) == 0) {
      return Optional.empty();
    }
    Forward forward = new Forward(string(in), Integer.toUnsignedLong(in.getInt()), u16(in));
    if (version >= VERSION_23_11 && (flags & FLAG_PACK_ADDRESSES) != 0) {
      string(in);
    }
    if (version >= VERSION_24_11) {
      u16(in); // depth of the tree
    }
    return Optional.of(forward);
  }

  /**
   * Bodies of gathered answers have no length of their own; only those that nodes send are known.
   */
  private static List<Returned> returned(ByteBuffer in, int version) throws NotAMessage {
    int count = u16(in);
    List<Returned> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long error = Integer.toUnsignedLong(in.getInt());
      int type = u16(in);
      String node = string(in);
      int start = in.position();
      if (type == RESPONSE_RC) {
        in.getInt();
      } else if (type == RESPONSE_PING_SLURMD) {
        in.getInt();
        in.getLong();
        if (version >= VERSION_26_05) {
          string(in);
        }
      } else if (type != RESPONSE_FORWARD_FAILED && type != 0) {
        throw new NotAMessage("gathered answer of type " + type);
      }
      String body = HexFormat.of().formatHex(copy(in, start, in.position() - start));
      all.add(new Returned(error, type, node, body));
    }
    return all;
  }

  private static void skipAddress(ByteBuffer in) throws NotAMessage {
    int family = u16(in);
    if (family == FAMILY_IPV4) {
      in.getInt();
      u16(in);
    } else if (family == FAMILY_IPV6) {
      skip(in, Integer.toUnsignedLong(in.getInt()));
      u16(in);
    } else if (family != 0) {
      throw new NotAMessage("address family " + family);
    }
  }

  private static void skipCredential(ByteBuffer in) throws NotAMessage {
    int plugin = in.getInt();
    if (plugin != PLUGIN_MUNGE) {
      throw new NotAMessage("credential of plugin " + plugin);
    }
    string(in);
  }

  private static String string(ByteBuffer in) throws NotAMessage {
    long length = Integer.toUnsignedLong(in.getInt());
    int start = in.position();
    skip(in, length);
    // The counted length includes the terminating NUL.
    return length == 0 ? "" : new String(copy(in, start, (int) length - 1), StandardCharsets.UTF_8);
  }

  private static void skip(ByteBuffer in, long bytes) throws NotAMessage {
    if (bytes > in.remaining()) {
      throw new NotAMessage("length " + bytes + " is past the end");
    }
    in.position(in.position() + (int) bytes);
  }

  private static byte[] copy(ByteBuffer in, int start, int length) {
    byte[] bytes = new byte[length];
    in.get(start, bytes);
    return bytes;
  }

  private static int u16(ByteBuffer in) {
    return in.getShort() & 0xffff;
  }
}

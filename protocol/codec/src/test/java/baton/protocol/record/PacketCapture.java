package baton.protocol.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the TCP segments of a capture file as tcpdump writes it from a loopback interface. */
final class PacketCapture {
  private static final int MAGIC_MICROS = 0xa1b2c3d4;
  private static final int MAGIC_NANOS = 0xa1b23c4d;
  private static final int LINK_ETHERNET = 1;
  private static final int ETHERNET_BYTES = 14;
  private static final int TYPE_IPV4 = 0x0800;
  private static final int PROTOCOL_TCP = 6;
  private static final int FLAG_SYN = 0x02;
  private static final int FLAG_ACK = 0x10;

  private PacketCapture() {}

  /** One end of a connection. */
  record Endpoint(int address, int port) {}

  /**
   * One TCP segment.
   *
   * @param timeMicros when it was seen, microseconds since the epoch
   * @param sequence TCP's sequence number, 32 bits
   * @param opens whether it carries SYN
   * @param answers whether it carries ACK
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Segment(
      long timeMicros,
      Endpoint from,
      Endpoint to,
      int sequence,
      boolean opens,
      boolean answers,
      byte[] data) {}

  static List<Segment> read(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int magic = in.getInt(0);
    if (magic != MAGIC_MICROS && magic != MAGIC_NANOS) {
      throw new IOException(file + ": not a little-endian pcap file");
    }
    if (in.getInt(20) != LINK_ETHERNET) {
      throw new IOException(file + ": link type " + in.getInt(20) + ", want Ethernet (capture lo)");
    }
    in.position(24);
    List<Segment> segments = new ArrayList<>();
    while (in.remaining() >= 16) {
      long seconds = Integer.toUnsignedLong(in.getInt());
      long fraction = Integer.toUnsignedLong(in.getInt());
      int captured = in.getInt();
      int original = in.getInt();
      if (captured > in.remaining()) {
        break; // the capture was cut while a packet was being written
      }
      if (captured != original) {
        throw new IOException(file + ": a packet was captured in part");
      }
      byte[] packet = new byte[captured];
      in.get(packet);
      long micros = seconds * 1_000_000 + (magic == MAGIC_NANOS ? fraction / 1000 : fraction);
      Segment segment = segment(micros, packet);
      if (segment != null) {
        segments.add(segment);
      }
    }
    return segments;
  }

  private static Segment segment(long timeMicros, byte[] packet) {
    ByteBuffer in = ByteBuffer.wrap(packet);
    if (packet.length < ETHERNET_BYTES + 40 || in.getShort(12) != TYPE_IPV4) {
      return null;
    }
    int ip = ETHERNET_BYTES;
    int ipBytes = (in.get(ip) & 0x0f) * 4;
    if (in.get(ip + 9) != PROTOCOL_TCP) {
      return null;
    }
    int totalBytes = in.getShort(ip + 2) & 0xffff;
    // Segmentation offload leaves 0 where the packet is longer than the field can say.
    int end = totalBytes == 0 ? packet.length : Math.min(packet.length, ip + totalBytes);
    int tcp = ip + ipBytes;
    int flags = in.get(tcp + 13);
    int dataStart = tcp + ((in.get(tcp + 12) & 0xf0) >> 2);
    return new Segment(
        timeMicros,
        new Endpoint(in.getInt(ip + 12), in.getShort(tcp) & 0xffff),
        new Endpoint(in.getInt(ip + 16), in.getShort(tcp + 2) & 0xffff),
        in.getInt(tcp + 4),
        (flags & FLAG_SYN) != 0,
        (flags & FLAG_ACK) != 0,
        Arrays.copyOfRange(packet, Math.min(dataStart, end), end));
  }
}

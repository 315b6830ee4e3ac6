package baton.protocol.record;

import baton.protocol.record.PacketCapture.Endpoint;
import baton.protocol.record.PacketCapture.Segment;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One TCP connection: what its opener sent, and what came back. */
final class Connection {
  private final Endpoint opener;
  private final Endpoint listener;
  private final Stream sent = new Stream();
  private final Stream answered = new Stream();

  private Connection(Endpoint opener, Endpoint listener) {
    this.opener = opener;
    this.listener = listener;
  }

  Endpoint listener() {
    return listener;
  }

  Stream sent() {
    return sent;
  }

  Stream answered() {
    return answered;
  }

  /** Sorts segments into connections, in the order in which these were opened. */
  static List<Connection> assemble(List<Segment> segments) {
    List<Connection> all = new ArrayList<>();
    Map<String, Connection> open = new HashMap<>();
    for (Segment segment : segments) {
      if (segment.opens() && !segment.answers()) {
        Connection connection = new Connection(segment.from(), segment.to());
        connection.sent.begin(segment.sequence());
        all.add(connection);
        open.put(key(segment.from(), segment.to()), connection);
        continue;
      }
      Connection connection = open.get(key(segment.from(), segment.to()));
      if (connection == null) {
        continue; // opened before the capture began
      }
      Stream stream =
          segment.from().equals(connection.opener) ? connection.sent : connection.answered;
      if (segment.opens()) {
        stream.begin(segment.sequence());
      } else if (segment.data().length > 0) {
        stream.add(segment);
      }
    }
    return all;
  }

  private static String key(Endpoint one, Endpoint other) {
    String a = one.address() + ":" + one.port();
    String b = other.address() + ":" + other.port();
    return a.compareTo(b) < 0 ? a + "-" + b : b + "-" + a;
  }

  /** The bytes of one direction, in order, and when each part of them was seen. */
  static final class Stream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TreeMap<Integer, Long> timeAtOffset = new TreeMap<>();
    private final TreeMap<Integer, Segment> early = new TreeMap<>();
    private int firstSequence;

    private void begin(int sequence) {
      firstSequence = sequence + 1;
    }

    private void add(Segment segment) {
      early.put(segment.sequence() - firstSequence, segment);
      while (!early.isEmpty() && early.firstKey() <= bytes.size()) {
        Map.Entry<Integer, Segment> next = early.pollFirstEntry();
        byte[] data = next.getValue().data();
        int known = bytes.size() - next.getKey();
        if (known < data.length) {
          timeAtOffset.put(bytes.size(), next.getValue().timeMicros());
          bytes.write(data, known, data.length - known);
        }
      }
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }

    /** Whether nothing is missing in between. */
    boolean isWhole() {
      return early.isEmpty();
    }

    /** When the byte at {@code offset} was seen, microseconds since the epoch. */
    long timeMicros(int offset) {
      Map.Entry<Integer, Long> entry = timeAtOffset.floorEntry(offset);
      return entry == null ? 0 : entry.getValue();
    }
  }
}

package baton.protocol.record;

import baton.protocol.record.Frame.NotAMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/** All messages of a capture, each with the scenario step during which it was sent. */
final class Recording {
  /** Slurm refuses longer messages. */
  private static final long MAX_FRAME_BYTES = 1L << 30;

  private static final int MIN_HEADER_BYTES = 16;
  private static final int CONTROLLER_PORT = 6817;
  private static final int FIRST_NODE_PORT = 6821;
  private static final int LAST_NODE_PORT = 6899;

  private final List<Message> messages = new ArrayList<>();
  private final List<String> rejected = new ArrayList<>();
  private final NavigableMap<Long, Step> steps;

  private Recording(NavigableMap<Long, Step> steps) {
    this.steps = steps;
  }

  /**
   * A part of the scenario.
   *
   * @param name short, fit for a file's name
   * @param command what was run
   */
  record Step(String name, String command) {}

  /**
   * A message of the capture.
   *
   * @param receiver who listened on the connection: controller, slurmd, or client
   * @param request the message that this one answers, if it is an answer
   */
  record Message(
      long timeMicros, Step step, String receiver, Optional<Frame> request, Frame frame) {}

  /** Reads a capture; {@code steps} are keyed by when they began, microseconds since the epoch. */
  static Recording of(List<Connection> connections, NavigableMap<Long, Step> steps) {
    Recording recording = new Recording(steps);
    for (Connection connection : connections) {
      recording.add(connection);
    }
    recording.messages.sort((a, b) -> Long.compare(a.timeMicros(), b.timeMicros()));
    return recording;
  }

  List<Message> messages() {
    return messages;
  }

  /** What looked like a message by its length and was none, in words. */
  List<String> rejected() {
    return rejected;
  }

  private void add(Connection connection) {
    String receiver = receiver(connection.listener().port());
    List<Frame> requests = new ArrayList<>();
    split(connection.sent(), receiver, List.of(), requests);
    split(connection.answered(), receiver, requests, new ArrayList<>());
  }

  private void split(
      Connection.Stream stream, String receiver, List<Frame> requests, List<Frame> found) {
    byte[] bytes = stream.bytes();
    int offset = 0;
    while (bytes.length - offset >= Integer.BYTES + MIN_HEADER_BYTES) {
      long length = Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt(offset));
      if (length > MAX_FRAME_BYTES || length > bytes.length - offset - Integer.BYTES) {
        break; // a connection that broke off, or one that carries no messages
      }
      int start = offset + Integer.BYTES;
      try {
        Frame frame = Frame.parse(Arrays.copyOfRange(bytes, start, start + (int) length));
        Optional<Frame> request =
            found.size() < requests.size()
                ? Optional.of(requests.get(found.size()))
                : Optional.empty();
        found.add(frame);
        long time = stream.timeMicros(offset);
        messages.add(new Message(time, step(time), receiver, request, frame));
      } catch (NotAMessage e) {
        if (receiver.equals("client")) {
          break; // a step's standard output and input, which begin with a greeting of their own
        }
        rejected.add(
            receiver + ", " + step(stream.timeMicros(offset)).name() + ": " + e.getMessage());
      }
      offset = start + (int) length;
    }
  }

  private Step step(long timeMicros) {
    Map.Entry<Long, Step> entry = steps.floorEntry(timeMicros);
    return entry == null ? new Step("before", "before the first step") : entry.getValue();
  }

  /** Which program listens on a port of a test cluster. */
  static String receiver(int port) {
    if (port == CONTROLLER_PORT) {
      return "controller";
    }
    return port >= FIRST_NODE_PORT && port <= LAST_NODE_PORT ? "slurmd" : "client";
  }
}

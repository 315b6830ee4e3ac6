package baton.protocol.record;

import baton.protocol.record.Frame.NotAMessage;
import baton.protocol.record.Recording.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;

/** Writes what programs of other releases asked of a controller, and the bytes that came back. */
final class MismatchFiles {
  private final Path directory;
  private final String slurm;
  private final int ownVersion;
  private final MessageNames names;

  MismatchFiles(Path directory, String slurm, int ownVersion, MessageNames names) {
    this.directory = directory;
    this.slurm = slurm;
    this.ownVersion = ownVersion;
    this.names = names;
  }

  /** One file for each step and type of request; a repetition is left out. */
  void write(List<Connection> connections, NavigableMap<Long, Step> steps) throws IOException {
    Set<String> seen = new HashSet<>();
    for (Connection connection : connections) {
      Optional<Frame> request = firstFrame(connection.sent().bytes());
      Map.Entry<Long, Step> step = steps.floorEntry(connection.sent().timeMicros(0));
      if (request.isEmpty() || step == null || request.get().version() == ownVersion) {
        continue;
      }
      String type = names.name(request.get().type(), release(request.get().version()));
      String file = step.getValue().name() + "-" + type + ".json";
      if (Recording.receiver(connection.listener().port()).equals("controller") && seen.add(file)) {
        Files.createDirectories(directory);
        Files.writeString(
            directory.resolve(file),
            json(step.getValue(), request.get(), type, connection.answered().bytes()));
      }
    }
  }

  private String json(Step step, Frame request, String type, byte[] answer) {
    JsonText out = new JsonText();
    out.text("controller", slurm);
    out.text("recorded", step.command());
    out.text("requestRelease", release(request.version()));
    out.text("requestType", type);
    out.number("requestNumber", request.type());
    if (answer.length == 0) {
      out.text("answer", "closed");
      return out.end();
    }
    Optional<Frame> frame = firstFrame(answer);
    out.text("answer", frame.isPresent() ? "message" : "bytes");
    if (frame.isPresent()) {
      out.number("version", frame.get().version());
      out.number("flags", frame.get().flags());
      out.number("number", frame.get().type());
      out.text("bodyHex", frame.get().bodyHex());
    }
    // The whole answer, unless a credential would stand in it.
    if (frame.map(known -> !known.hasCredential()).orElse(true)) {
      out.text("answerHex", HexFormat.of().formatHex(answer));
    }
    return out.end();
  }

  private static Optional<Frame> firstFrame(byte[] bytes) {
    if (bytes.length < Integer.BYTES) {
      return Optional.empty();
    }
    long length = Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt());
    if (length > bytes.length - Integer.BYTES) {
      return Optional.empty();
    }
    try {
      int end = Integer.BYTES + (int) length;
      return Optional.of(Frame.parse(Arrays.copyOfRange(bytes, Integer.BYTES, end)));
    } catch (NotAMessage e) {
      return Optional.empty();
    }
  }

  private static String release(int version) {
    return switch (version >> 8) {
      case 38 -> "22.05";
      case 42 -> "24.11";
      case 45 -> "26.05";
      default -> "unknown";
    };
  }
}

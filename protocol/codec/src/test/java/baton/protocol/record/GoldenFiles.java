package baton.protocol.record;

import baton.protocol.record.Recording.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Chooses specimens of each message type and writes one file for each. */
final class GoldenFiles {
  private static final int SPECIMENS_PER_TYPE = 10;
  private static final int MAX_BODY_BYTES = 32 * 1024;

  private final Path directory;
  private final String release;
  private final String slurm;
  private final MessageNames names;
  private final Set<String> steps;

  /**
   * @param directory of this release
   * @param slurm the exact version, such as 22.05.8
   * @param steps names of all steps recorded; what the directory held of them is replaced
   */
  GoldenFiles(Path directory, String release, String slurm, MessageNames names, Set<String> steps) {
    this.directory = directory;
    this.release = release;
    this.slurm = slurm;
    this.names = names;
    this.steps = Set.copyOf(steps);
  }

  /** Writes the files and says how many, by type. */
  Map<String, Integer> write(List<Message> messages) throws IOException {
    Map<String, List<Message>> byType = new TreeMap<>();
    for (Message message : messages) {
      if (message.frame().bodyBytes() <= MAX_BODY_BYTES) {
        byType
            .computeIfAbsent(names.name(message.frame().type(), release), k -> new ArrayList<>())
            .add(message);
      }
    }
    clear();
    Map<String, Integer> written = new TreeMap<>();
    for (Map.Entry<String, List<Message>> entry : byType.entrySet()) {
      List<Message> chosen = choose(entry.getValue());
      Path folder = Files.createDirectories(directory.resolve(entry.getKey()));
      for (int i = 0; i < chosen.size(); i++) {
        String file = String.format("%02d-%s.json", i + 1, chosen.get(i).step().name());
        Files.writeString(folder.resolve(file), json(chosen.get(i), entry.getKey()));
      }
      written.put(entry.getKey(), chosen.size());
    }
    return written;
  }

  /**
   * Bodies that differ, of lengths as different as there are: the shortest, the longest, and evenly
   * in between; among those of one length the first recorded.
   */
  private static List<Message> choose(List<Message> messages) {
    Map<String, Message> differing = new TreeMap<>();
    for (Message message : messages) {
      String key =
          String.format("%08d", message.frame().bodyBytes())
              + message.frame().bodyHex()
              + (message.frame().forward().isPresent() ? "f" : "")
              + (message.frame().returned().isEmpty() ? "" : "r");
      differing.putIfAbsent(key, message);
    }
    Map<Integer, Message> byLength = new TreeMap<>();
    for (Message message : differing.values()) {
      byLength.merge(
          message.frame().bodyBytes(), message, (a, b) -> a.timeMicros() <= b.timeMicros() ? a : b);
    }
    List<Message> chosen = spread(new ArrayList<>(byLength.values()));
    // Fewer lengths than places: fill up with bodies of equal length and other content.
    for (Message message : differing.values()) {
      if (chosen.size() < SPECIMENS_PER_TYPE && !chosen.contains(message)) {
        chosen.add(message);
      }
    }
    chosen.sort(Comparator.comparingLong(Message::timeMicros));
    return chosen;
  }

  private static List<Message> spread(List<Message> sorted) {
    if (sorted.size() <= SPECIMENS_PER_TYPE) {
      return sorted;
    }
    List<Message> chosen = new ArrayList<>();
    for (int i = 0; i < SPECIMENS_PER_TYPE; i++) {
      chosen.add(sorted.get(i * (sorted.size() - 1) / (SPECIMENS_PER_TYPE - 1)));
    }
    return chosen;
  }

  /** Removes what an earlier recording of these steps wrote; goldens of other origin stay. */
  private void clear() throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> old;
    try (Stream<Path> files = Files.walk(directory)) {
      old = files.filter(file -> steps.contains(step(file))).toList();
    }
    for (Path file : old) {
      Files.delete(file);
    }
  }

  /** The step of a file's name, NN-STEP.json. */
  private static String step(Path file) {
    return file.getFileName().toString().replaceAll("^\\d+-|\\.json$", "");
  }

  private String json(Message message, String type) {
    Frame frame = message.frame();
    JsonText out = new JsonText();
    out.text("release", release);
    out.text("slurm", slurm);
    out.text("recorded", message.step().command());
    out.text("type", type);
    out.number("number", frame.type());
    out.number("flags", frame.flags());
    out.text("direction", (message.request().isPresent() ? "<-" : "->") + message.receiver());
    message
        .request()
        .ifPresent(request -> out.text("answers", names.name(request.type(), release)));
    frame
        .forward()
        .ifPresent(
            forward -> {
              out.text("forwardNodes", forward.nodes());
              out.number("forwardTimeoutMillis", forward.timeoutMillis());
              out.number("forwardTreeWidth", forward.treeWidth());
            });
    for (int i = 0; i < frame.returned().size(); i++) {
      Frame.Returned item = frame.returned().get(i);
      String name = names.name(item.type(), release);
      out.text(
          "returned" + (i + 1),
          item.node() + " error " + item.error() + " " + name + " " + item.bodyHex());
    }
    out.text("bodyHex", frame.bodyHex());
    return out.end();
  }
}

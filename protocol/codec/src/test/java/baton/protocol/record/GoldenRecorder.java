package baton.protocol.record;

import baton.protocol.record.Recording.Message;
import baton.protocol.record.Recording.Step;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Writes golden files from captures: {@code GoldenRecorder RELEASE VERSION DIRECTORY TABLES
 * GOLDEN}.
 *
 * <p>DIRECTORY holds PHASE.pcap and PHASE.steps for each phase. A line of the latter is a step:
 * seconds since the epoch, name, command, separated by tabs. PHASE.sequence is written there: one
 * line for each message, in the order of the wire.
 */
public final class GoldenRecorder {
  private GoldenRecorder() {}

  /** Exit code 2 when the arguments are wrong; a capture that cannot be read throws. */
  public static void main(String[] args) throws IOException {
    if (args.length != 5) {
      System.err.println("usage: GoldenRecorder RELEASE VERSION DIRECTORY TABLES GOLDEN");
      System.exit(2);
    }
    String release = args[0];
    int version = protocolVersion(release);
    MessageNames names = MessageNames.read(Path.of(args[3]));
    List<Message> own = new ArrayList<>();
    Set<String> stepNames = new HashSet<>();
    for (Path capture : captures(Path.of(args[2]))) {
      String phase = capture.toString().replaceAll("\\.pcap$", "");
      List<Connection> connections = Connection.assemble(PacketCapture.read(capture));
      NavigableMap<Long, Step> steps = steps(Path.of(phase + ".steps"));
      steps.values().forEach(step -> stepNames.add(step.name()));
      Recording recording = Recording.of(connections, steps);
      Files.write(Path.of(phase + ".sequence"), sequence(recording.messages(), names, release));
      recording.messages().stream()
          .filter(message -> message.frame().version() == version)
          .forEach(own::add);
      new MismatchFiles(Path.of(args[4]).resolve("mismatch/" + release), args[1], version, names)
          .write(connections, steps);
      report(capture, connections, recording);
    }
    Map<String, Integer> written =
        new GoldenFiles(Path.of(args[4]).resolve(release), release, args[1], names, stepNames)
            .write(own);
    int files = written.values().stream().mapToInt(Integer::intValue).sum();
    System.out.printf(
        "%s: %d messages, %d types, %d goldens%n", release, own.size(), written.size(), files);
  }

  private static List<Path> captures(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".pcap")).sorted().toList();
    }
  }

  private static void report(Path capture, List<Connection> connections, Recording recording) {
    long gaps =
        connections.stream().filter(c -> !c.sent().isWhole() || !c.answered().isWhole()).count();
    System.out.printf(
        "%s: %d connections (%d with gaps), %d messages, %d not understood%n",
        capture.getFileName(),
        connections.size(),
        gaps,
        recording.messages().size(),
        recording.rejected().size());
    recording.rejected().stream().distinct().forEach(System.out::println);
  }

  private static List<String> sequence(List<Message> messages, MessageNames names, String release) {
    List<String> lines = new ArrayList<>();
    Step step = null;
    for (Message message : messages) {
      if (!message.step().equals(step)) {
        step = message.step();
        lines.add("# " + step.name() + ": " + step.command());
      }
      Frame frame = message.frame();
      lines.add(
          String.format(
              "%d.%06d %s %-10s %s %d bytes%s%s",
              message.timeMicros() / 1_000_000,
              message.timeMicros() % 1_000_000,
              message.request().isPresent() ? "<-" : "->",
              message.receiver(),
              names.name(frame.type(), release),
              frame.bodyBytes(),
              frame.version() == protocolVersion(release) ? "" : " version " + frame.version(),
              frame.forward().map(f -> " forward " + f.nodes()).orElse("")
                  + (frame.returned().isEmpty()
                      ? ""
                      : " with " + frame.returned().size() + " more")));
    }
    return lines;
  }

  private static NavigableMap<Long, Step> steps(Path file) throws IOException {
    NavigableMap<Long, Step> steps = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split("\t", 3);
      long micros = new BigDecimal(parts[0]).movePointRight(6).longValue();
      steps.put(micros, new Step(parts[1], parts[2]));
    }
    return steps;
  }

  private static int protocolVersion(String release) {
    return switch (release) {
      case "22.05" -> 38 << 8;
      case "24.11" -> 42 << 8;
      case "26.05" -> 45 << 8;
      default -> throw new IllegalArgumentException("no recording of release " + release);
    };
  }
}

package baton.protocol.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What clients did and were told, as lines of JSON; docs/engineer/linearizability.md has the
 * format. Any thread may add.
 */
final class HistoryFile {
  /** One operation under way; members are added by its client alone. */
  static final class Line {
    private final StringBuilder text = new StringBuilder();
    private final long callNanos;

    Line(String client, String operation, String job, long callNanos) {
      this.callNanos = callNanos;
      with("client", client).with("op", operation).with("job", job).with("call", callNanos);
    }

    Line with(String name, String value) {
      return member(name, '"' + value.replaceAll("([\"\\\\])", "\\\\$1") + '"');
    }

    Line with(String name, long value) {
      return member(name, Long.toString(value));
    }

    private Line member(String name, String value) {
      text.append(text.length() == 0 ? "" : ",").append('"').append(name).append("\":");
      text.append(value);
      return this;
    }
  }

  private final List<Line> lines = new ArrayList<>();

  synchronized void add(Line line) {
    lines.add(line);
  }

  synchronized int size() {
    return lines.size();
  }

  synchronized void write(Path file) throws IOException {
    lines.sort(Comparator.comparingLong(line -> line.callNanos));
    Files.write(file, lines.stream().map(line -> "{" + line.text + "}").toList(), UTF_8);
  }
}

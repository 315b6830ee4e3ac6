package baton.protocol.record;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of message numbers by release, as the message tables of the schema give them. */
final class MessageNames {
  private static final Pattern ENTRY =
      Pattern.compile(
          "\"type\":\\s*\"(\\w+)\",\\s*\"number\":\\s*(\\d+),\\s*\"versions\":\\s*\"([^\"]+)\"");

  private final List<Entry> entries = new ArrayList<>();

  private record Entry(String name, int number, String versions) {}

  static MessageNames read(Path tables) throws IOException {
    MessageNames names = new MessageNames();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(tables, "*.json")) {
      for (Path file : files) {
        Matcher entry = ENTRY.matcher(Files.readString(file));
        while (entry.find()) {
          names.entries.add(
              new Entry(entry.group(1), Integer.parseInt(entry.group(2)), entry.group(3)));
        }
      }
    }
    return names;
  }

  /** The name, or MESSAGE_ and the number where the tables do not know it. */
  String name(int number, String release) {
    for (Entry entry : entries) {
      if (entry.number() == number && contains(entry.versions(), release)) {
        return entry.name();
      }
    }
    return "MESSAGE_" + number;
  }

  // Releases are written YY.MM, so they compare as text.
  private static boolean contains(String versions, String release) {
    for (String range : versions.split(",\\s*", -1)) {
      if (range.endsWith("+")) {
        if (release.compareTo(range.substring(0, range.length() - 1)) >= 0) {
          return true;
        }
      } else {
        String[] ends = range.split("-", 2);
        if (release.compareTo(ends[0]) >= 0 && release.compareTo(ends[ends.length - 1]) <= 0) {
          return true;
        }
      }
    }
    return false;
  }
}

package baton.protocol.wire;

import baton.protocol.message.MessageType;
import baton.protocol.type.Bytes;
import baton.protocol.type.Release;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A recorded body of a message; see docs/engineer/goldens.md.
 *
 * @param place file, and what of it, for failures
 * @param release the release spoken
 * @param slurm the exact version of the program that packed it
 * @param type the message
 * @param body its bytes
 */
record Golden(String place, Release release, String slurm, MessageType type, Bytes body) {

  private static final Path ROOT = Path.of("src/test/golden");
  private static final Pattern ENTRY =
      Pattern.compile("\"(\\w+)\": (?:\"((?:[^\"\\\\]++|\\\\.)*+)\"|(\\d+))");
  private static final Pattern RETURNED = Pattern.compile("\\S+ error \\d+ (\\S+) ([0-9a-f]*)");

  /** All goldens, also of messages that the tables do not know, which are an error. */
  static List<Golden> all() {
    List<Golden> goldens = new ArrayList<>();
    for (Release release : Release.values()) {
      Path directory = ROOT.resolve(release.label());
      try (Stream<Path> files = Files.walk(directory)) {
        files
            .filter(file -> file.toString().endsWith(".json"))
            .sorted()
            .forEach(file -> read(file, goldens));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return goldens;
  }

  private static void read(Path file, List<Golden> goldens) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Release release = Release.ofLabel(value(text, "release")).orElseThrow();
    String slurm = value(text, "slurm");
    String place = ROOT.relativize(file).toString();
    Matcher entries = ENTRY.matcher(text);
    while (entries.find()) {
      String key = entries.group(1);
      if (key.equals("bodyHex")) {
        int number = Integer.parseInt(value(text, "number"));
        goldens.add(golden(place, release, slurm, number, entries.group(2)));
      } else if (key.startsWith("returned")) {
        Matcher item = RETURNED.matcher(entries.group(2));
        if (!item.matches()) {
          throw new IllegalStateException(place + ": " + key);
        }
        int number = MessageType.valueOf(item.group(1)).number(release);
        goldens.add(golden(place + " " + key, release, slurm, number, item.group(2)));
      }
    }
  }

  private static Golden golden(
      String place, Release release, String slurm, int number, String hex) {
    MessageType type =
        MessageType.of(number, release)
            .orElseThrow(() -> new IllegalStateException(place + ": no message " + number));
    return new Golden(place, release, slurm, type, Bytes.ofHex(hex));
  }

  private static String value(String text, String key) {
    Matcher entries = ENTRY.matcher(text);
    while (entries.find()) {
      if (entries.group(1).equals(key)) {
        return entries.group(2) != null ? entries.group(2) : entries.group(3);
      }
    }
    throw new IllegalStateException("no \"" + key + "\"");
  }
}

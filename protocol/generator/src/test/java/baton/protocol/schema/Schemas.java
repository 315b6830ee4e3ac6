package baton.protocol.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Schema directories of one file, made for a test. */
public final class Schemas {

  private static final String RELEASES =
      """
      [{"release": "1", "protocol": 1}, {"release": "2", "protocol": 2}, {"release": "3", "protocol": 3}]
      """;

  private Schemas() {}

  /** Writes releases 1 to 3, layouts and types (JSON arrays) below {@code directory}. */
  public static void write(Path directory, String layouts, String types) {
    try {
      Files.createDirectories(directory.resolve("message"));
      Files.createDirectories(directory.resolve("messages"));
      Files.writeString(directory.resolve("releases.json"), RELEASES);
      Files.writeString(directory.resolve("message/some.json"), layouts);
      Files.writeString(directory.resolve("messages/some.json"), types);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads what {@link #write} wrote. */
  public static Schema read(Path directory) {
    try {
      return SchemaReader.read(directory, List.of("message"), "messages");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A layout {@code A} of these fields, as a JSON array. */
  public static String layout(String... fields) {
    return "[{\"layout\": \"A\", \"doc\": \"A.\", \"fields\": [" + String.join(",", fields) + "]}]";
  }

  /** A field of that name and type, with whatever else is given. */
  public static String field(String name, String type, String... more) {
    String rest = more.length == 0 ? "" : ", " + String.join(", ", more);
    return "{\"name\": \"%s\", \"type\": \"%s\", \"doc\": \"It.\"%s}".formatted(name, type, rest);
  }
}

package baton.importer.state;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file {@code clustername}: the cluster's name and, from 24.11 on, a bar and its number.
 *
 * @param name at most 40 characters, as in ClusterName
 * @param id 0 to 4095; empty up to 24.05, and before slurmdbd told it
 */
public record ClusterName(String name, OptionalInt id) {

  /** Its path below the StateSaveLocation. */
  public static final String FILE = "clustername";

  private static final Pattern TEXT = Pattern.compile("([^|\\s]{1,255})(?:\\|(\\d{1,4}))?");

  /** Empty if the bytes are nothing of that kind. */
  public static Optional<ClusterName> parse(byte[] bytes) {
    Matcher text = TEXT.matcher(new String(bytes, StandardCharsets.UTF_8));
    if (!text.matches()) {
      return Optional.empty();
    }
    String id = text.group(2);
    if (id == null) {
      return Optional.of(new ClusterName(text.group(1), OptionalInt.empty()));
    }
    int number = Integer.parseInt(id);
    return number > 4095 || !id.equals(Integer.toString(number))
        ? Optional.empty()
        : Optional.of(new ClusterName(text.group(1), OptionalInt.of(number)));
  }

  /** What stands in the file. */
  public byte[] bytes() {
    String text = id.isPresent() ? name + "|" + id.getAsInt() : name;
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

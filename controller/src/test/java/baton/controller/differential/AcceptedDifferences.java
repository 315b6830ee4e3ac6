package baton.controller.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The differences that docs/reference/differences.md lists, each with its reason.
 *
 * <p>A row of its table is {@code | releases | `command` | `line` | reason |}: the releases in
 * which it occurs, or {@code all}; the command as in the session, user first, with {@code *} for
 * any text; a regular expression found in the differing line. {@code \|} stands for a bar. A reason
 * that begins with {@code now and then:} is about a race inside slurmctld: its row need not be
 * used.
 */
final class AcceptedDifferences {
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| *(?<releases>all|[0-9. ]+?) *\\| *`(?<command>.*?)` *\\| *`(?<line>.*?)` *\\| *(?<reason>.*?) *\\|$");

  private final List<Row> rows = new ArrayList<>();
  private final Set<Row> used = new LinkedHashSet<>();

  private record Row(String text, Pattern command, Pattern line, boolean always) {}

  /**
   * @param release rows of others are left out
   * @throws IOException also when a row gives no reason or no proper pattern
   */
  static AcceptedDifferences read(Path file, String release) throws IOException {
    AcceptedDifferences accepted = new AcceptedDifferences();
    for (String text : Files.readAllLines(file)) {
      Matcher row = ROW.matcher(text);
      if (!row.matches()) {
        continue;
      }
      if (row.group("reason").isEmpty()) {
        throw new IOException(file + ": no reason in " + text);
      }
      List<String> releases = List.of(row.group("releases").split(" +"));
      if (!releases.contains("all") && !releases.contains(release)) {
        continue;
      }
      try {
        accepted.rows.add(
            new Row(
                text,
                glob(row.group("command")),
                Pattern.compile(unescape(row.group("line"))),
                !row.group("reason").startsWith("now and then:")));
      } catch (PatternSyntaxException e) {
        throw new IOException(file + ": " + e.getDescription() + " in " + text, e);
      }
    }
    return accepted;
  }

  /** Whether every line that differs stands in the list. */
  boolean covers(Difference difference) {
    boolean all = true;
    for (String line : difference.expected()) {
      all &= covers(difference.played().command(), line);
    }
    for (String line : difference.actual()) {
      all &= covers(difference.played().command(), line);
    }
    return all;
  }

  /** Rows that no difference needed, though each run should. */
  List<String> unused() {
    return rows.stream().filter(row -> row.always() && !used.contains(row)).map(Row::text).toList();
  }

  private boolean covers(String command, String line) {
    boolean found = false;
    for (Row row : rows) {
      if (row.command().matcher(command).matches() && row.line().matcher(line).find()) {
        used.add(row);
        found = true;
      }
    }
    return found;
  }

  private static Pattern glob(String text) {
    StringBuilder pattern = new StringBuilder();
    for (String part : unescape(text).split("\\*", -1)) {
      pattern.append(pattern.isEmpty() ? "" : ".*").append(Pattern.quote(part));
    }
    return Pattern.compile(pattern.toString());
  }

  private static String unescape(String text) {
    return text.replace("\\|", "|");
  }
}

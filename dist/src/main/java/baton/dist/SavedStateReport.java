package baton.dist;

import baton.importer.state.Fault;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;

/** A saved state for people and for programs. */
final class SavedStateReport {
  private SavedStateReport() {}

  static void table(PrintWriter out, SavedState saved) {
    out.println("cluster: " + (saved.cluster().isEmpty() ? "not told" : saved.cluster()));
    out.println("release: " + saved.release());
    out.println();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("FILE", "RELEASE", "HOLDS"));
    for (String file : files(saved)) {
      StringJoiner holds = new StringJoiner(", ");
      saved.counts().getOrDefault(file, Map.of()).forEach((what, n) -> holds.add(n + " " + what));
      rows.add(List.of(file, release(saved, file, "-"), holds.length() == 0 ? "-" : "" + holds));
    }
    columns(out, rows);
    out.println();
    out.println(saved.faults().isEmpty() ? "no damage was found" : "damage:");
    for (Fault fault : saved.faults()) {
      out.println("  " + printable(fault.toString()));
    }
    if (!saved.faults().isEmpty()) {
      out.println("What stands before damage in a file was read; what stands behind it was not.");
    }
  }

  private static void columns(PrintWriter out, List<List<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  static void json(PrintWriter out, SavedState saved) {
    StringJoiner files = new StringJoiner(", ");
    for (String file : files(saved)) {
      StringJoiner counts = new StringJoiner(", ", "{", "}");
      saved
          .counts()
          .getOrDefault(file, Map.of())
          .forEach((what, number) -> counts.add(quoted(what) + ": " + number));
      String release = release(saved, file, null);
      files.add(
          "{\"file\": "
              + quoted(file)
              + ", \"release\": "
              + (release == null ? "null" : quoted(release))
              + ", \"holds\": "
              + counts
              + "}");
    }
    StringJoiner faults = new StringJoiner(", ");
    for (Fault fault : saved.faults()) {
      faults.add(
          "{\"file\": "
              + quoted(fault.file())
              + ", \"offset\": "
              + (fault.offset() == Fault.NOWHERE ? "null" : fault.offset())
              + ", \"reason\": "
              + quoted(fault.reason())
              + "}");
    }
    out.println(
        "{\"cluster\": "
            + quoted(saved.cluster())
            + ", \"release\": "
            + quoted(saved.release().toString())
            + ", \"files\": ["
            + files
            + "], \"faults\": ["
            + faults
            + "]}");
  }

  private static Set<String> files(SavedState saved) {
    Set<String> files = new TreeSet<>(saved.counts().keySet());
    files.addAll(saved.releases().keySet());
    return files;
  }

  private static String release(SavedState saved, String file, String none) {
    return saved.releases().containsKey(file) ? saved.releases().get(file).toString() : none;
  }

  /** Names in damaged files may hold anything, and a terminal obeys some of it. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}

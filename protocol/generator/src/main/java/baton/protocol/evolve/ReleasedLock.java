package baton.protocol.evolve;

import static java.nio.charset.StandardCharsets.UTF_8;

import baton.protocol.schema.Field;
import baton.protocol.schema.Layout;
import baton.protocol.schema.Problem;
import baton.protocol.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What layouts looked like when they were released: for each layout and release a digest of its
 * entries in the order of the wire (name, type, condition). Layouts inside it have their own.
 *
 * <p>The file has one line for each: layout, release, digest, separated by blanks.
 */
public final class ReleasedLock {

  private final Map<String, String> digests;

  private ReleasedLock(Map<String, String> digests) {
    this.digests = digests;
  }

  /** An absent file locks nothing. Fails with IllegalArgumentException on a line out of form. */
  public static ReleasedLock read(Path file) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    for (String line : lines) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int blank = line.lastIndexOf(' ');
      if (!line.matches("[A-Za-z0-9]+ [0-9.]+ [0-9a-f]{16}")) {
        throw new IllegalArgumentException(file + ": not a line of it: " + line);
      }
      digests.put(line.substring(0, blank), line.substring(blank + 1));
    }
    return new ReleasedLock(digests);
  }

  /** The lock that this schema would satisfy. */
  public static ReleasedLock of(Schema schema) {
    Map<String, String> digests = new TreeMap<>();
    for (Layout layout : schema.layouts()) {
      for (int release = 0; release < schema.releases().count(); release++) {
        if (layout.releases().contains(release)) {
          String name = layout.name() + " " + schema.releases().names().get(release);
          digests.put(name, digest(layout, release));
        }
      }
    }
    return new ReleasedLock(digests);
  }

  public void write(Path file) throws IOException {
    StringBuilder text =
        new StringBuilder(
            "# Released layouts: name, release, digest. Written by bin/schema-lock.\n");
    digests.forEach((name, digest) -> text.append(name).append(' ').append(digest).append('\n'));
    Files.writeString(file, text.toString());
  }

  /** Locked layouts that look otherwise now, or are gone. New ones are no problem. */
  public List<Problem> problems(Schema schema) {
    Map<String, Layout> layouts = schema.byName();
    Map<String, String> now = of(schema).digests;
    List<Problem> problems = new ArrayList<>();
    digests.forEach(
        (name, digest) -> {
          if (!digest.equals(now.get(name))) {
            Layout layout = layouts.get(name.substring(0, name.indexOf(' ')));
            problems.add(
                new Problem(
                    layout == null ? "released.lock" : layout.file(),
                    name,
                    "",
                    now.containsKey(name)
                        ? "changed since it was released; if that is right, run bin/schema-lock"
                        : "was released and is gone; if that is right, run bin/schema-lock"));
          }
        });
    return problems;
  }

  /** One line for each layout and release that is new, changed or gone. */
  public List<String> changes(Schema schema) {
    Map<String, String> now = of(schema).digests;
    TreeSet<String> names = new TreeSet<>(digests.keySet());
    names.addAll(now.keySet());
    List<String> changes = new ArrayList<>();
    for (String name : names) {
      String before = digests.get(name);
      String after = now.get(name);
      if (before == null) {
        changes.add("new      " + name);
      } else if (after == null) {
        changes.add("gone     " + name);
      } else if (!before.equals(after)) {
        changes.add("changed  " + name);
      }
    }
    return changes;
  }

  private static String digest(Layout layout, int release) {
    StringBuilder text = new StringBuilder();
    for (Field field : layout.fields()) {
      if (field.releases().contains(release)) {
        text.append(field.name()).append(' ').append(field.type().text());
        if (field.when() != null) {
          text.append(" when ").append(field.when().text());
        }
        text.append('\n');
      }
    }
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

package baton.controller.conf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads a configuration file and those it includes, statement by statement.
 *
 * <p>{@code Include} stands at the very beginning of a line; a relative name is sought beside the
 * file that includes it; {@code %c} in it is the cluster's name, which must stand before. Names are
 * taken as they are, without wildcards.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/common/parse_config.c.
 */
final class ConfReader {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_FILES = 1024;
  private static final int MAX_BYTES = 64 * 1024 * 1024;
  private static final String INCLUDE = "include";

  private final ConfProblems problems;
  private final Sink sink;
  private final Set<String> includedNames = new LinkedHashSet<>();
  private int files;
  private int bytes;
  private int hash;

  /** Takes the statements as they come, blank ones and includes aside. */
  interface Sink {
    void take(ConfLine line);

    /** The ClusterName read so far, or null. */
    String clusterName();
  }

  ConfReader(ConfProblems problems, Sink sink) {
    this.problems = problems;
    this.sink = sink;
  }

  void read(Path file) {
    read(file, null, 0);
  }

  /** Names of included files that were given without a directory, in order, each once. */
  List<String> includedNames() {
    return new ArrayList<>(includedNames);
  }

  /** The hash over all that was read. */
  int hash() {
    return hash;
  }

  private boolean read(Path file, ConfLine from, int depth) {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(MAX_BYTES + 1 - bytes);
    } catch (IOException e) {
      String why = "cannot read " + file + ": " + reason(e);
      if (from == null) {
        problems.error(file, why);
      } else {
        problems.error(from, why);
      }
      return false;
    }
    bytes += content.length;
    files++;
    if (bytes > MAX_BYTES || files > MAX_FILES) {
      problems.error(file, "configuration of more than 64 MiB or " + MAX_FILES + " files");
      return false;
    }
    // The hash is over lines as they are read: an included file comes right after its Include.
    String text = ConfText.decode(content);
    LineHash lineHash = new LineHash(content);
    for (ConfLine line : ConfText.statements(file, text)) {
      hash = lineHash.upTo(hash, line);
      String[] include = include(line.text());
      if (include != null) {
        follow(line, include, depth);
      } else if (!line.text().isBlank()) {
        sink.take(line);
      }
    }
    hash = lineHash.rest(hash);
    return true;
  }

  private void follow(ConfLine line, String[] include, int depth) {
    String name = include[0];
    if (name.isEmpty() || !include[1].isBlank()) {
      problems.error(line, "Include must be followed by one file name and nothing else");
      return;
    }
    if (name.contains("%c")) {
      if (sink.clusterName() == null) {
        problems.error(line, "Include " + name + ": ClusterName must be set before %c is used");
        return;
      }
      name = name.replace("%c", sink.clusterName().toLowerCase(Locale.ROOT));
    }
    if (depth >= MAX_DEPTH) {
      problems.error(
          line, "Include nested more than " + MAX_DEPTH + " deep; does it include itself?");
      return;
    }
    Path path;
    try {
      path = line.file().resolveSibling(name);
    } catch (InvalidPathException e) {
      problems.error(line, "Include " + name + ": not a file name");
      return;
    }
    if (read(path, line, depth + 1) && name.indexOf('/') < 0) {
      includedNames.add(name);
    }
  }

  /** Name and rest of an Include statement, or null if it is none. */
  private static String[] include(String text) {
    int length = INCLUDE.length();
    boolean matches =
        text.regionMatches(true, 0, INCLUDE, 0, length)
            && text.length() > length
            && ConfText.isSpace(text.charAt(length));
    if (!matches) {
      return null;
    }
    int start = KeyValue.skipSpace(text, length);
    int end = start;
    while (end < text.length() && !ConfText.isSpace(text.charAt(end))) {
      end++;
    }
    return new String[] {text.substring(start, end), text.substring(end)};
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return e.getMessage();
  }

  /** Hashes the bytes of a file in step with its statements. */
  private static final class LineHash {
    private final byte[] content;
    private int done;
    private int line = 1;

    LineHash(byte[] content) {
      this.content = content;
    }

    /** Takes in all lines up to the statement's last. */
    int upTo(int hash, ConfLine statement) {
      int start = done;
      while (done < content.length && line <= statement.lastNumber()) {
        if (content[done++] == '\n') {
          line++;
        }
      }
      return ConfText.hash(hash, Arrays.copyOfRange(content, start, done));
    }

    int rest(int hash) {
      int start = done;
      done = content.length;
      return ConfText.hash(hash, Arrays.copyOfRange(content, start, done));
    }
  }
}

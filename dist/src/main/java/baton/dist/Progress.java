package baton.dist;

import baton.importer.read.StateSource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** A bar on a terminal while a large file is read. For one thread. */
final class Progress {
  private static final long LARGE_BYTES = 16L << 20;
  private static final int WIDTH = 40;

  private final PrintWriter terminal;
  private final Path directory;
  private boolean shown;

  private Progress(PrintWriter terminal, Path directory) {
    this.terminal = terminal;
    this.directory = directory;
  }

  /** Whether standard error is a terminal; not known, and so not, where there is no /proc. */
  static boolean isTerminal() {
    try {
      String device = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /** Shows files of that directory; nothing if the terminal is null. */
  static Progress on(PrintWriter terminal, Path directory) {
    return new Progress(terminal, directory);
  }

  /** The same files; a large one moves the bar as it is read. */
  StateSource watch(StateSource source) {
    return new StateSource() {
      @Override
      public Optional<InputStream> open(String path) throws IOException {
        Optional<InputStream> in = source.open(path);
        if (terminal == null || in.isEmpty()) {
          return in;
        }
        long size = Files.size(directory.resolve(path));
        return size < LARGE_BYTES ? in : in.map(stream -> new Watched(stream, path, size));
      }

      @Override
      public Set<String> paths() throws IOException {
        return source.paths();
      }
    };
  }

  /** Takes the bar away. */
  void end() {
    if (shown) {
      terminal.print("\r\033[K");
      terminal.flush();
      shown = false;
    }
  }

  private void show(String path, int percent) {
    int full = WIDTH * percent / 100;
    String bar = "#".repeat(full) + ".".repeat(WIDTH - full);
    terminal.print("\r" + path + " [" + bar + "] " + percent + " %\033[K");
    terminal.flush();
    shown = true;
  }

  private final class Watched extends FilterInputStream {
    private final String path;
    private final long size;
    private long read;
    private int percent = -1;

    Watched(InputStream in, String path, long size) {
      super(in);
      this.path = path;
      this.size = size;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int got = super.read(bytes, offset, length);
      read += Math.max(got, 0);
      int now = (int) Math.min(100, 100 * read / size);
      if (now > percent && read > 1 << 16) {
        percent = now;
        show(path, now);
      }
      return got;
    }
  }
}

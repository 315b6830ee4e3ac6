package baton.controller.snapshot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Files that are there whole or not at all: written under a temporary name, forced to disk,
 * renamed, and the directory forced.
 */
public final class DurableFile {

  /** What the name of an unfinished file ends in. */
  static final String TEMPORARY_SUFFIX = ".tmp";

  private DurableFile() {}

  /** Writes {@code content} to {@code file}, replacing it; on disk when this returns. */
  static void write(Path file, Digests.Content content) throws IOException {
    Path temporary = temporaryOf(file);
    try (FileChannel channel =
            FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        BufferedChannelStream out = new BufferedChannelStream(channel)) {
      content.writeTo(out);
      out.flush();
      channel.force(true);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceDirectory(file.toAbsolutePath().getParent());
  }

  /** Forces names that were made or removed in {@code directory} to disk. */
  public static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static Path temporaryOf(Path file) {
    return file.resolveSibling(file.getFileName() + TEMPORARY_SUFFIX);
  }

  /** Removes what a process that was killed left unfinished in {@code directory}. */
  static void removeTemporaries(Path directory) throws IOException {
    try (var files = Files.newDirectoryStream(directory, "*" + TEMPORARY_SUFFIX)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }
}

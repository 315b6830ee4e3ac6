package baton.controller.replication.peer;

import baton.controller.snapshot.DurableFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where data goes that a member is not to start with again: {@code damaged/N} in its data
 * directory, with a file {@code why}. The newest two are kept.
 */
final class DamagedData {
  static final String DIRECTORY = "damaged";
  static final String WHY = "why";
  private static final int KEPT = 2;

  private DamagedData() {}

  /**
   * Moves a directory, if it is there; it is gone from its place, for good, when this returns.
   *
   * @param name of the directory, in {@code data}
   * @param why what an administrator is to know
   */
  static Path setAside(Path data, String name, String why) throws IOException {
    Path all = data.resolve(DIRECTORY);
    Files.createDirectories(all);
    List<Path> before = oldestFirst(all);
    long number = before.isEmpty() ? 1 : 1 + number(before.get(before.size() - 1));
    Path aside = all.resolve(Long.toString(number));
    Files.createDirectory(aside);
    Files.writeString(aside.resolve(WHY), why + "\n");
    if (Files.exists(data.resolve(name))) {
      Files.move(data.resolve(name), aside.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
    DurableFile.forceDirectory(aside);
    DurableFile.forceDirectory(all);
    DurableFile.forceDirectory(data);
    for (Path old : before.subList(0, Math.max(0, before.size() + 1 - KEPT))) {
      delete(old);
    }
    return aside;
  }

  private static List<Path> oldestFirst(Path all) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(all)) {
      for (Path file : files) {
        if (file.getFileName().toString().matches("[1-9][0-9]{0,17}")) {
          found.add(file);
        }
      }
    }
    found.sort(Comparator.comparingLong(DamagedData::number));
    return found;
  }

  private static long number(Path aside) {
    return Long.parseLong(aside.getFileName().toString());
  }

  /** Deletes a directory with all that is in it, if it is there. */
  static void delete(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

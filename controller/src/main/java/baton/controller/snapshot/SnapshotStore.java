package baton.controller.snapshot;

import baton.controller.fault.FaultHandler;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The snapshots of one replica, in one directory, named by their position. Keeps the newest few: an
 * older one is loaded when a newer one is damaged, and the log is kept back to the oldest.
 *
 * <p>Thread-safe.
 */
public final class SnapshotStore {

  private static final Pattern NAME = Pattern.compile("snapshot-([0-9]{1,18})-([0-9]{1,18})");
  private static final String DAMAGED_SUFFIX = ".damaged";

  private final Path directory;
  private final FaultHandler faults;

  /**
   * Opens the directory, making it when there is none, and removes what was left unfinished.
   *
   * @param directory where the snapshots are
   * @param faults where damaged files are reported
   */
  public SnapshotStore(Path directory, FaultHandler faults) throws IOException {
    this.directory = directory;
    this.faults = faults;
    Files.createDirectories(directory);
    DurableFile.removeTemporaries(directory);
  }

  /** Writes a snapshot; on disk when this returns, and absent when it throws. */
  public synchronized SnapshotFile write(LogPosition position, List<SnapshotFile.Section> sections)
      throws IOException {
    return SnapshotFile.write(directory.resolve(nameOf(position)), position, sections);
  }

  /**
   * Returns the newest snapshot that is whole. One that is damaged is reported, set aside under
   * another name for the administrator, and the next older one is tried.
   *
   * @return nothing when there never was a snapshot
   * @throws IOException when there are snapshots and none is whole, since starting empty would lose
   *     what they held
   */
  public synchronized Optional<SnapshotFile> openNewest() throws IOException {
    boolean damaged = hasDamaged();
    for (Path file : newestFirst()) {
      try {
        return Optional.of(SnapshotFile.open(file));
      } catch (SnapshotDamagedException e) {
        faults.report("snapshot " + file + " is damaged and set aside", e);
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + DAMAGED_SUFFIX),
            StandardCopyOption.ATOMIC_MOVE);
        damaged = true;
      }
    }
    if (damaged) {
      throw new IOException("every snapshot in " + directory + " is damaged");
    }
    return Optional.empty();
  }

  /** Returns the positions of the snapshots, newest first, by their names. */
  public synchronized List<LogPosition> positions() throws IOException {
    return newestFirst().stream().map(SnapshotStore::positionOf).toList();
  }

  /** Returns the path of the snapshot at {@code position}, whether or not it is there. */
  public Path pathOf(LogPosition position) {
    return directory.resolve(nameOf(position));
  }

  /** Deletes all but the newest {@code count} snapshots; at least one is kept. */
  public synchronized void keepNewest(int count) throws IOException {
    List<Path> files = newestFirst();
    for (Path file : files.subList(Math.min(Math.max(count, 1), files.size()), files.size())) {
      Files.deleteIfExists(file);
    }
    DurableFile.forceDirectory(directory);
  }

  private boolean hasDamaged() throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, "snapshot-*" + DAMAGED_SUFFIX)) {
      return files.iterator().hasNext();
    }
  }

  private List<Path> newestFirst() throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "snapshot-*")) {
      for (Path file : files) {
        if (NAME.matcher(file.getFileName().toString()).matches()) {
          found.add(file);
        }
      }
    }
    found.sort(Comparator.comparing(SnapshotStore::positionOf).reversed());
    return found;
  }

  private static String nameOf(LogPosition position) {
    return "snapshot-" + position.term() + "-" + position.index();
  }

  private static LogPosition positionOf(Path file) {
    Matcher matcher = NAME.matcher(file.getFileName().toString());
    if (!matcher.matches()) {
      throw new IllegalStateException("not the name of a snapshot: " + file);
    }
    return new LogPosition(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
  }
}

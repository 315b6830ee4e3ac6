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
  private static final int DAMAGED_KEPT = 2;

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
   * @throws SnapshotDamagedException when there are snapshots and none is whole, since starting
   *     empty would lose what they held
   */
  public synchronized Optional<SnapshotFile> openNewest() throws IOException {
    List<SnapshotFile> whole = openWhole();
    if (whole.isEmpty() && !damaged().isEmpty()) {
      throw new SnapshotDamagedException("every snapshot in " + directory + " is damaged");
    }
    return whole.stream().findFirst();
  }

  /**
   * Opens the snapshots that are whole, newest first. One that is damaged is reported and set aside
   * under another name; the newest two such are kept for the administrator.
   */
  public synchronized List<SnapshotFile> openWhole() throws IOException {
    List<SnapshotFile> whole = new ArrayList<>();
    for (Path file : newestFirst()) {
      try {
        whole.add(SnapshotFile.open(file));
      } catch (SnapshotDamagedException e) {
        faults.report("snapshot " + file + " is damaged and set aside", e);
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + DAMAGED_SUFFIX),
            StandardCopyOption.ATOMIC_MOVE);
      }
    }
    List<Path> damaged = damaged();
    for (Path old : damaged.subList(Math.min(DAMAGED_KEPT, damaged.size()), damaged.size())) {
      Files.deleteIfExists(old);
    }
    return whole;
  }

  /** Returns the positions of the snapshots, newest first, by their names. */
  public synchronized List<LogPosition> positions() throws IOException {
    return newestFirst().stream().map(file -> positionOf(file.getFileName().toString())).toList();
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

  private List<Path> damaged() throws IOException {
    return newestFirst(DAMAGED_SUFFIX);
  }

  private List<Path> newestFirst() throws IOException {
    return newestFirst("");
  }

  private List<Path> newestFirst(String suffix) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "snapshot-*" + suffix)) {
      for (Path file : files) {
        if (NAME.matcher(withoutSuffix(file, suffix)).matches()) {
          found.add(file);
        }
      }
    }
    found.sort(
        Comparator.comparing((Path file) -> positionOf(withoutSuffix(file, suffix))).reversed());
    return found;
  }

  private static String withoutSuffix(Path file, String suffix) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - suffix.length());
  }

  private static String nameOf(LogPosition position) {
    return "snapshot-" + position.term() + "-" + position.index();
  }

  private static LogPosition positionOf(String file) {
    Matcher matcher = NAME.matcher(file);
    if (!matcher.matches()) {
      throw new IllegalStateException("not the name of a snapshot: " + file);
    }
    return new LogPosition(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
  }
}

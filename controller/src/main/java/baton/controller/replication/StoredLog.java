package baton.controller.replication;

import baton.controller.fault.FaultHandler;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at a group's directory before Ratis does. A member whose log lost what it had acknowledged
 * must not vote: it would elect a leader that lacks it. So whatever cannot be told from that is
 * damage (ADR 0036).
 *
 * <p>No damage is a torn tail: an entry that was being written when the process or the machine
 * died. Ratis reads over one that ends with the file; but it preallocates its segments with zeros,
 * so the entry is followed by zeros, fails its checksum, and Ratis will not start. It was never
 * acknowledged, and is cut here.
 */
final class StoredLog {
  /** Notes damage that was found while the replica ran. */
  private static final String NOTE = "damage";

  private static final Pattern SNAPSHOT = Pattern.compile("snapshot-[0-9]{1,18}-([0-9]{1,18})");

  private final Path root;
  private final Path current;
  private final boolean alone;
  private final FaultHandler faults;

  private StoredLog(Path root, boolean alone, FaultHandler faults) {
    this.root = root;
    this.current = root.resolve("current");
    this.alone = alone;
    this.faults = faults;
  }

  /**
   * Makes the log below {@code root} fit for Ratis.
   *
   * @param root the directory of one group; it need not exist
   * @param alone whether the replica has no others, and so nothing to promise them
   * @param faults where a cut is reported
   * @throws DamagedDataException when it is not what was written
   */
  static void prepare(Path root, boolean alone, FaultHandler faults) throws IOException {
    new StoredLog(root, alone, faults).prepare();
  }

  /** Notes damage, so that the next start finds it too. */
  static void note(Path root, String what) throws IOException {
    Files.writeString(root.resolve(NOTE), what + "\n");
  }

  /** Whether a replica has ever run in the directory. */
  static boolean isBegun(Path root) {
    return Files.exists(root.resolve("current").resolve(StoredMetadata.TERM_FILE));
  }

  /**
   * Ratis would wait for ever for entries that are in no snapshot, and not in the log any more.
   *
   * @param loaded the last entry that the snapshot holds which was read
   */
  static void requireFollowing(Path current, long loaded) throws IOException {
    OptionalLong first = OptionalLong.empty();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(current, "log_*")) {
      for (Path file : files) {
        if (SegmentFile.isSegment(file)) {
          long begins = SegmentFile.firstIndex(file);
          first = OptionalLong.of(Math.min(begins, first.orElse(begins)));
        }
      }
    }
    if (first.isPresent() && first.getAsLong() > loaded + 1) {
      throw new DamagedDataException(
          current,
          "entries are missing: it begins at "
              + first.getAsLong()
              + ", and the snapshots that are whole end at "
              + loaded);
    }
  }

  private void prepare() throws IOException {
    Path note = root.resolve(NOTE);
    if (Files.exists(note)) {
      throw new DamagedDataException(
          new String(Files.readAllBytes(note), StandardCharsets.UTF_8).strip());
    }
    List<SegmentFile> segments = Files.isDirectory(current) ? segments() : List.of();
    LogMark mark = LogMark.read(root).orElse(LogMark.NONE);
    long snapshot = newestSnapshot();
    if (!isBegun(root)) {
      refuseLostLog(segments, snapshot, mark);
      return;
    }
    List<SegmentFile> run = contiguous(segments, snapshot);
    StoredMetadata metadata = StoredMetadata.read(current);
    checkEnd(run, snapshot, mark);
    checkTerm(run, metadata, mark);
    if (!alone) {
      checkConfiguration(run, metadata, mark);
    }
    for (SegmentFile segment : run) {
      if (segment.isTorn()) {
        cut(segment);
      }
    }
  }

  /** Ratis formats a directory that lacks its metadata, and would delete the snapshots. */
  private void refuseLostLog(List<SegmentFile> segments, long snapshot, LogMark mark)
      throws DamagedDataException {
    if (!segments.isEmpty() || snapshot >= 0 || mark.index() >= 0) {
      throw new DamagedDataException(current.resolve(StoredMetadata.TERM_FILE), "it is gone");
    }
  }

  private List<SegmentFile> segments() throws IOException {
    List<SegmentFile> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(current, "log_*")) {
      for (Path file : files) {
        if (SegmentFile.isSegment(file) && Files.size(file) > 0) {
          found.add(SegmentFile.read(file));
        }
      }
    }
    found.sort(Comparator.comparingLong(SegmentFile::first));
    return found;
  }

  private long newestSnapshot() throws IOException {
    Path directory = root.resolve("sm");
    long newest = -1;
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "snapshot-*")) {
        for (Path file : files) {
          Matcher name = SNAPSHOT.matcher(file.getFileName().toString());
          newest = name.matches() ? Math.max(newest, Long.parseLong(name.group(1))) : newest;
        }
      }
    }
    return newest;
  }

  /**
   * Ratis deletes segments that it needs no more beginning with the newest: who dies meanwhile
   * leaves older ones before a gap. They are deleted here.
   */
  private List<SegmentFile> contiguous(List<SegmentFile> segments, long snapshot)
      throws IOException {
    int from = 0;
    for (int i = 1; i < segments.size(); i++) {
      SegmentFile before = segments.get(i - 1);
      SegmentFile next = segments.get(i);
      if (before.isOpen() || next.first() <= before.last()) {
        throw new DamagedDataException(next.path(), 0, "it overlaps " + before.path());
      }
      if (next.first() > before.last() + 1) {
        if (next.first() > snapshot + 1) {
          throw new DamagedDataException(
              current,
              "entries " + (before.last() + 1) + " to " + (next.first() - 1) + " are missing");
        }
        from = i;
      }
    }
    for (SegmentFile unneeded : segments.subList(0, from)) {
      Files.delete(unneeded.path());
    }
    return segments.subList(from, segments.size());
  }

  private void checkEnd(List<SegmentFile> run, long snapshot, LogMark mark)
      throws DamagedDataException {
    Optional<SegmentFile> last =
        run.isEmpty() ? Optional.empty() : Optional.of(run.get(run.size() - 1));
    long end = Math.max(snapshot, last.map(SegmentFile::last).orElse(-1L));
    if (end < mark.index()) {
      String reason = "it ends at entry " + end + ", but entry " + mark.index() + " was on disk";
      throw last.isPresent()
          ? new DamagedDataException(last.get().path(), last.get().end(), reason)
          : new DamagedDataException(current, reason);
    }
  }

  private void checkTerm(List<SegmentFile> run, StoredMetadata metadata, LogMark mark)
      throws DamagedDataException {
    long inLog = run.stream().mapToLong(SegmentFile::lastTerm).max().orElse(0);
    long least = alone ? inLog : Math.max(inLog, mark.term());
    if (metadata.term() < least) {
      throw new DamagedDataException(
          current.resolve(StoredMetadata.TERM_FILE),
          "it tells term " + metadata.term() + ", but term " + least + " had begun");
    }
  }

  private void checkConfiguration(List<SegmentFile> run, StoredMetadata metadata, LogMark mark)
      throws DamagedDataException {
    Path file = current.resolve(StoredMetadata.CONFIGURATION_FILE);
    long index = metadata.configuration();
    boolean inLog = !run.isEmpty() && run.get(0).first() <= index;
    if (index < mark.configuration()) {
      throw new DamagedDataException(
          file, "it is entry " + index + ", but was entry " + mark.configuration());
    }
    if (index >= 0 && index == mark.configuration() && metadata.checksum() != mark.checksum()) {
      throw new DamagedDataException(file, "it is not what was written");
    }
    if (index >= 0 && inLog && !Arrays.equals(metadata.bytes(), inLog(run, index))) {
      throw new DamagedDataException(file, "it differs from entry " + index + " of the log");
    }
    if (index < 0 && !run.isEmpty() && run.get(0).first() > 0) {
      throw new DamagedDataException(file, "it is gone");
    }
  }

  private static byte[] inLog(List<SegmentFile> run, long index) {
    for (SegmentFile segment : run) {
      byte[] entry = segment.configurations().get(index);
      if (entry != null) {
        return entry;
      }
    }
    return new byte[0];
  }

  private void cut(SegmentFile torn) throws IOException {
    Path segment = torn.path();
    byte[] bytes = Files.readAllBytes(segment);
    Path aside = segment.resolveSibling("torn-" + segment.getFileName() + "-at-" + torn.end());
    Files.write(aside, Arrays.copyOfRange(bytes, torn.end(), torn.written()));
    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      channel.truncate(torn.end());
      channel.force(true);
    }
    faults.report(
        "the last "
            + (torn.written() - torn.end())
            + " bytes of "
            + segment
            + " are an unfinished entry",
        new IOException("cut off, and kept in " + aside));
  }
}

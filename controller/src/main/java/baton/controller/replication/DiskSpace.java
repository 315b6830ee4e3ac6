package baton.controller.replication;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the disk has room for what may yet come. Commands are refused before it is full, since a
 * log that cannot be written stops the replica: what is kept back lets what runs come to its end,
 * and a snapshot be taken, after which the log shrinks. Thread-safe.
 */
final class DiskSpace {
  private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long MIB = 1L << 20;

  /** Below this nobody asks for more, beside room for two snapshots. */
  static final long KEPT_FOR_WHAT_RUNS_BYTES = 256 * MIB;

  /** Below this only the controller itself goes on, so that it can start and take a snapshot. */
  static final long KEPT_FOR_ITSELF_BYTES = 64 * MIB;

  /** Below this nothing is logged any more: a segment of the log, and what hides. */
  static final long KEPT_FOR_THE_LOG_BYTES = 16 * MIB;

  /** How much room there is. */
  enum Room {
    /** For everything. */
    ENOUGH,
    /** For what nodes say and the controller decides, not for what clients ask. */
    SCARCE,
    /** For what the controller decides, not for what it is told. */
    TIGHT,
    /** For nothing. */
    NONE
  }

  private final Path directory;
  private final LongSupplier usableBytes;
  private final LongSupplier snapshotBytes;
  private volatile Room room = Room.ENOUGH;
  private volatile long lookAgainNanos;

  DiskSpace(Path directory, LongSupplier usableBytes, LongSupplier snapshotBytes) {
    this.directory = directory;
    this.usableBytes = usableBytes;
    this.snapshotBytes = snapshotBytes;
    this.lookAgainNanos = System.nanoTime();
  }

  /**
   * The space of a directory's disk.
   *
   * @param snapshotBytes how long the newest snapshot is
   */
  static DiskSpace of(Path directory, LongSupplier snapshotBytes) throws IOException {
    FileStore store = Files.getFileStore(directory);
    return new DiskSpace(
        directory,
        () -> {
          try {
            return store.getUsableSpace();
          } catch (IOException e) {
            // who writes next will say what is wrong
            LOG.warn("the space of {} cannot be read", directory, e);
            return Long.MAX_VALUE;
          }
        },
        snapshotBytes);
  }

  /** How much room there is, as of a quarter of a second ago at most. */
  Room room() {
    long now = System.nanoTime();
    if (now - lookAgainNanos >= 0) {
      lookAgainNanos = now + LOOK_NANOS;
      look();
    }
    return room;
  }

  /** Whether there is room for a command that may go that far. */
  boolean isFor(PendingCommand.Reach reach) {
    return switch (reach) {
      case OWN_TERM -> room() != Room.NONE;
      case ANY_LEADER -> room().compareTo(Room.TIGHT) < 0;
    };
  }

  private void look() {
    long usable = usableBytes.getAsLong();
    Room found;
    if (usable < KEPT_FOR_THE_LOG_BYTES) {
      found = Room.NONE;
    } else if (usable < KEPT_FOR_ITSELF_BYTES) {
      found = Room.TIGHT;
    } else if (usable - 2 * snapshotBytes.getAsLong() < KEPT_FOR_WHAT_RUNS_BYTES) {
      found = Room.SCARCE;
    } else {
      found = Room.ENOUGH;
    }
    Room before = room;
    room = found;
    if (found != before) {
      String consequence =
          switch (found) {
            case ENOUGH -> "all is accepted again";
            case SCARCE -> "what clients ask to be changed is refused";
            case TIGHT -> "what nodes say is refused too";
            case NONE -> "nothing is logged any more until there is room";
          };
      LOG.warn("{} MiB are left on the disk of {}: {}", usable / MIB, directory, consequence);
    }
  }
}

package baton.controller.replication;

import baton.controller.fault.FaultHandler;
import baton.controller.model.BlobId;
import baton.controller.snapshot.BlobStore;
import baton.controller.snapshot.LogPosition;
import baton.controller.snapshot.SnapshotDamagedException;
import baton.controller.snapshot.SnapshotFile;
import baton.controller.snapshot.SnapshotStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;

/**
 * The snapshots and blobs of one replica, in the directory that Ratis replaces as a whole when the
 * leader sends a snapshot: whatever a snapshot needs is below it.
 */
final class ReplicaDisk<S> implements AutoCloseable {

  private static final String BLOB_DIRECTORY = "blobs";

  private final SnapshotStore snapshots;
  private final BlobStore blobs;
  private final Optional<StateAt<S>> loaded;

  private ReplicaDisk(SnapshotStore snapshots, BlobStore blobs, Optional<StateAt<S>> loaded) {
    this.snapshots = snapshots;
    this.blobs = blobs;
    this.loaded = loaded;
  }

  /**
   * Opens the directory, and reads the newest snapshot that is whole.
   *
   * @param alone whether nobody has another copy: then a damaged blob is the loss of that blob
   * @throws DamagedDataException when no snapshot is whole, or what a snapshot names is not
   */
  static <S> ReplicaDisk<S> open(
      Path directory,
      StateCodec<S> codec,
      BlobStore.Limits limits,
      boolean alone,
      FaultHandler faults)
      throws IOException {
    SnapshotStore snapshots = new SnapshotStore(directory, faults);
    Optional<SnapshotFile> newest = newest(directory, snapshots);
    Optional<StateAt<S>> loaded =
        newest.isPresent() ? Optional.of(codec.read(newest.get())) : Optional.empty();
    Set<BlobId> named = new HashSet<>();
    for (SnapshotFile snapshot : snapshots.openWhole()) {
      named.addAll(StateCodec.readBlobs(snapshot));
    }
    BlobStore blobs =
        new BlobStore(directory.resolve(BLOB_DIRECTORY), limits, named::contains, faults);
    try {
      checkBlobs(named, blobs, alone, faults);
    } catch (IOException | RuntimeException e) {
      blobs.close();
      throw e;
    }
    return new ReplicaDisk<>(snapshots, blobs, loaded);
  }

  private static Optional<SnapshotFile> newest(Path directory, SnapshotStore snapshots)
      throws IOException {
    try {
      return snapshots.openNewest();
    } catch (SnapshotDamagedException e) {
      throw new DamagedDataException(directory, e.getMessage());
    }
  }

  private static void checkBlobs(
      Set<BlobId> named, BlobStore blobs, boolean alone, FaultHandler faults) throws IOException {
    for (BlobId id : named) {
      try {
        if (blobs.get(id).isEmpty()) {
          throw new SnapshotDamagedException("it is gone");
        }
      } catch (SnapshotDamagedException e) {
        DamagedDataException damage = new DamagedDataException(blobs.pathOf(id), e.getMessage());
        if (!alone) {
          throw damage;
        }
        faults.report("a script or an environment of jobs is lost", damage);
      }
    }
  }

  SnapshotStore snapshots() {
    return snapshots;
  }

  BlobStore blobs() {
    return blobs;
  }

  /** Returns what the newest snapshot held when the directory was opened. */
  Optional<StateAt<S>> loaded() {
    return loaded;
  }

  /**
   * Returns what Ratis sends to a replica that is too far behind, the blobs included.
   *
   * @param onDamage told when it cannot be sent because it is not what was written
   */
  SnapshotInfo describe(LogPosition position, Consumer<DamagedDataException> onDamage) {
    TermIndex termIndex = TermIndex.valueOf(position.term(), position.index());
    return new SnapshotInfo() {
      @Override
      public TermIndex getTermIndex() {
        return termIndex;
      }

      @Override
      public List<FileInfo> getFiles() {
        try {
          return filesOf(position);
        } catch (SnapshotDamagedException e) {
          onDamage.accept(new DamagedDataException(snapshots.pathOf(position), e.getMessage()));
          throw new UncheckedIOException(e);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public String toString() {
        return "snapshot " + position;
      }
    };
  }

  /** Returns how long a snapshot is; 0 for one that is not there. */
  long bytesOf(LogPosition position) {
    try {
      return position.index() < 0 ? 0 : Files.size(snapshots.pathOf(position));
    } catch (IOException gone) {
      return 0;
    }
  }

  private List<FileInfo> filesOf(LogPosition position) throws IOException {
    Path snapshot = snapshots.pathOf(position);
    List<FileInfo> files = new ArrayList<>();
    files.add(fileInfo(snapshot));
    for (BlobId id : StateCodec.readBlobs(SnapshotFile.open(snapshot))) {
      if (blobs.get(id).isEmpty()) {
        throw new SnapshotDamagedException("blob " + id + " is gone");
      }
      files.add(fileInfo(blobs.pathOf(id)));
    }
    return files;
  }

  private static FileInfo fileInfo(Path file) throws IOException {
    return new FileInfo(file, MD5FileUtil.computeMd5ForFile(file.toFile()));
  }

  @Override
  public void close() {
    blobs.close();
  }
}

package baton.controller.replication;

import baton.controller.fault.FaultHandler;
import baton.controller.model.BlobId;
import baton.controller.snapshot.BlobStore;
import baton.controller.snapshot.LogPosition;
import baton.controller.snapshot.SnapshotFile;
import baton.controller.snapshot.SnapshotStore;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/**
 * Takes snapshots on a thread of its own: the state is a value, so applying goes on meanwhile. The
 * order is blobs, snapshot, then what is older: at any moment a crash finds a snapshot, its blobs,
 * and the log after it.
 */
final class SnapshotTaker<S> {

  /** Nothing new to report to Ratis. */
  static final long NOTHING = -1;

  private final ReplicationSettings settings;
  private final StateCodec<S> codec;
  private final SnapshotStore snapshots;
  private final BlobStore blobs;
  private final Supplier<StateAt<S>> current;
  private final ExecutorService executor;
  private final FaultHandler faults;

  // guarded by this
  private CompletableFuture<LogPosition> running;
  private long appliedSince;
  private long dueAfter;
  private long toReport = NOTHING;
  private long reported;
  private LogPosition newest;

  SnapshotTaker(
      ReplicationSettings settings,
      StateCodec<S> codec,
      SnapshotStore snapshots,
      BlobStore blobs,
      LogPosition newest,
      Supplier<StateAt<S>> current,
      ExecutorService executor,
      FaultHandler faults) {
    this.settings = settings;
    this.codec = codec;
    this.snapshots = snapshots;
    this.blobs = blobs;
    this.newest = newest;
    this.current = current;
    this.executor = executor;
    this.faults = faults;
    // Ratis knows of the one that was loaded, and takes no lower index; that one lets the log go.
    this.reported = newest.index() - 1;
    this.dueAfter = settings.snapshotCommands();
  }

  /** So many commands more were applied, those of the log that are applied again at a start too. */
  synchronized void applied(int commands) {
    appliedSince += commands;
  }

  /**
   * Called by Ratis when it thinks that a snapshot is due: begins one when it is, and returns the
   * index up to which the log may go. That is the index of the oldest snapshot kept, so that a
   * damaged newest one can be made up for; {@link #NOTHING} while that has not changed.
   */
  synchronized long poll() {
    if (running == null && appliedSince >= dueAfter) {
      CompletableFuture<LogPosition> unused = begin();
    }
    if (toReport <= reported) {
      return NOTHING;
    }
    reported = toReport;
    return reported;
  }

  /**
   * Takes a snapshot of the current state or a later one; after the one that is being taken, when
   * that is of an earlier state.
   */
  CompletableFuture<LogPosition> request() {
    return request(current.get().position());
  }

  private synchronized CompletableFuture<LogPosition> request(LogPosition wanted) {
    if (running == null) {
      return begin();
    }
    return running
        .handle((taken, failure) -> taken != null && taken.compareTo(wanted) >= 0)
        .thenCompose(
            enough -> enough ? CompletableFuture.completedFuture(newest()) : request(wanted));
  }

  private CompletableFuture<LogPosition> begin() {
    CompletableFuture<LogPosition> begun = new CompletableFuture<>();
    running = begun;
    executor.execute(() -> take(begun));
    return begun;
  }

  /** Returns the position of the newest snapshot on disk. */
  synchronized LogPosition newest() {
    return newest;
  }

  private void take(CompletableFuture<LogPosition> result) {
    restartCount();
    StateAt<S> at = current.get();
    try {
      if (at.position().compareTo(newest()) > 0) {
        blobs.force();
        snapshots.write(at.position(), codec.sections(at.state()));
        snapshots.keepNewest(settings.snapshotsKept());
      }
      collectBlobs();
      taken(at.position(), snapshots.positions());
      result.complete(at.position());
    } catch (IOException | RuntimeException e) {
      failed();
      faults.report("no snapshot could be taken at " + at.position() + ", the log is kept", e);
      result.completeExceptionally(e);
    }
  }

  private synchronized void taken(LogPosition position, List<LogPosition> kept) {
    running = null;
    newest = position;
    dueAfter = settings.snapshotCommands();
    if (kept.size() >= settings.snapshotsKept()) {
      toReport = kept.get(kept.size() - 1).index();
    }
  }

  private synchronized void restartCount() {
    appliedSince = 0;
  }

  private synchronized void failed() {
    running = null;
    dueAfter = Math.max(1, settings.snapshotCommands() / 8);
  }

  private void collectBlobs() throws IOException {
    Set<BlobId> needed = new HashSet<>();
    for (SnapshotFile snapshot : snapshots.openWhole()) {
      needed.addAll(StateCodec.readBlobs(snapshot));
    }
    StateAt<S> at = current.get();
    needed.addAll(codec.blobs(at.state()));
    blobs.collect(needed::contains, at.position().index());
  }
}

package baton.controller.snapshot;

import baton.controller.fault.FaultHandler;
import baton.controller.model.BlobId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scripts and environments of jobs, outside the heap: files named by the SHA-256 of their content,
 * compressed, one directory for each replica (ADR 0021).
 *
 * <p>A blob comes with the log entry that first names it, and the log's fsync covers it. So a file
 * is written later, by a thread of the store, and forced to disk only before the snapshot that lets
 * the log go; until it is written, reads are answered from memory. A process that dies loses
 * unforced files and gets them again from the log.
 *
 * <p>Thread-safe. Content is not to be changed once handed over or received.
 */
public final class BlobStore implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BlobStore.class);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path directory;
  private final Limits limits;
  private final FaultHandler faults;
  private final Thread writer;

  /** Put and not yet in a file, oldest first. */
  private final Map<BlobId, byte[]> pending = new LinkedHashMap<>();

  /** In a file that may not survive a loss of power. */
  private final Set<BlobId> unforced = new LinkedHashSet<>();

  /** The log index of the last put, for blobs put since the last collection. */
  private final Map<BlobId, Long> lastPut = new HashMap<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long pendingBytes;
  private IOException writeFailure;
  private boolean closed;

  /**
   * Bounds of a store.
   *
   * @param maxBlobBytes the longest content of one blob
   * @param maxPendingBytes how much may wait in memory to be written; a put waits beyond it, except
   *     that one blob is always taken
   */
  public record Limits(int maxBlobBytes, long maxPendingBytes) {
    /** Blobs of up to 16 MiB, 64 MiB of them waiting. */
    public static final Limits DEFAULT = new Limits(16 << 20, 64L << 20);
  }

  /**
   * Opens a store and starts its writer.
   *
   * @param directory made when there is none
   * @param survivors tells which blobs the snapshots on disk name. Files of others may be unforced
   *     leavings of a process that died, and are removed: the log brings back what is needed
   */
  public BlobStore(Path directory, Limits limits, Predicate<BlobId> survivors, FaultHandler faults)
      throws IOException {
    this.directory = directory;
    this.limits = limits;
    this.faults = faults;
    Files.createDirectories(directory);
    DurableFile.removeTemporaries(directory);
    removeFiles(id -> !survivors.test(id));
    this.writer = new Thread(this::writeLoop, "blob-writer");
    this.writer.setDaemon(true);
    this.writer.start();
  }

  /** Returns the name that {@code content} has in every store. */
  public static BlobId idOf(byte[] content) {
    return BlobId.of(Digests.sha256Hex(content));
  }

  /**
   * Takes a blob. It can be read when this returns; it is on disk after the next {@link #force()}.
   * Putting a blob again does no harm. Waits while too much waits to be written.
   *
   * @param index the index of the log entry that brought it
   */
  public void put(BlobId id, byte[] content, long index) {
    requireName(id);
    if (content.length > limits.maxBlobBytes()) {
      throw new IllegalArgumentException("a blob of " + content.length + " bytes");
    }
    lock.lock();
    try {
      // put since the last collection: it waits or has its file, which no collection takes
      boolean known = lastPut.put(id, index) != null;
      if (known || pending.containsKey(id) || Files.exists(pathOf(id))) {
        return;
      }
      while (pendingBytes > limits.maxPendingBytes() && !closed) {
        changed.awaitUninterruptibly();
      }
      pending.put(id, content);
      pendingBytes += content.length;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns the content of a blob, or nothing when the store does not have it.
   *
   * @throws SnapshotDamagedException when its file is not what was written
   */
  public Optional<byte[]> get(BlobId id) throws IOException {
    requireName(id);
    lock.lock();
    try {
      byte[] content = pending.get(id);
      if (content != null) {
        return Optional.of(content);
      }
    } finally {
      lock.unlock();
    }
    try {
      Path path = pathOf(id);
      if (Files.size(path) > 2L * limits.maxBlobBytes()) {
        throw new SnapshotDamagedException("the file of blob " + id + " is too long");
      }
      return Optional.of(BlobFormat.decode(id, Files.readAllBytes(path), limits.maxBlobBytes()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Returns where the file of a blob is, for whoever sends it to another replica. */
  public Path pathOf(BlobId id) {
    requireName(id);
    return directory.resolve(id.value());
  }

  /**
   * Writes and forces to disk every blob put before the call.
   *
   * @throws IOException when that failed; nothing is lost, and it may be tried again
   */
  public void force() throws IOException {
    Set<BlobId> forcing = awaitWritten();
    if (forcing.isEmpty()) {
      return;
    }
    for (BlobId id : forcing) {
      try (FileChannel channel = FileChannel.open(pathOf(id), StandardOpenOption.WRITE)) {
        channel.force(false);
      } catch (NoSuchFileException e) {
        LOG.debug("blob {} was collected before it was forced", id);
      }
    }
    DurableFile.forceDirectory(directory);
    lock.lock();
    try {
      unforced.removeAll(forcing);
    } finally {
      lock.unlock();
    }
  }

  private Set<BlobId> awaitWritten() throws IOException {
    lock.lock();
    try {
      Set<BlobId> waiting = new HashSet<>(pending.keySet());
      while (!Collections.disjoint(waiting, pending.keySet())) {
        if (closed) {
          throw new IOException("the blob store is closed");
        }
        if (writeFailure != null) {
          throw new IOException("blobs could not be written", writeFailure);
        }
        changed.awaitUninterruptibly();
      }
      return new LinkedHashSet<>(unforced);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Deletes blobs that nobody can need any more.
   *
   * @param needed what the current state or a snapshot on disk names
   * @param stateIndex the index of the log entry at which the current state was looked at; a blob
   *     put by a later entry stays
   * @return how many were deleted
   */
  public int collect(Predicate<BlobId> needed, long stateIndex) throws IOException {
    lock.lock();
    try {
      lastPut.values().removeIf(index -> index <= stateIndex);
    } finally {
      lock.unlock();
    }
    return removeFiles(id -> !needed.test(id));
  }

  /** Returns how many blobs wait to be written. */
  public int pending() {
    lock.lock();
    try {
      return pending.size();
    } finally {
      lock.unlock();
    }
  }

  /** Stops the writer. What is not written yet comes back from the log. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int removeFiles(Predicate<BlobId> unneeded) throws IOException {
    int removed = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (Digests.isSha256(name) && unneeded.test(BlobId.of(name))) {
          removed += removeUnlessPutAgain(BlobId.of(name));
        }
      }
    }
    return removed;
  }

  private int removeUnlessPutAgain(BlobId id) throws IOException {
    lock.lock();
    try {
      if (lastPut.containsKey(id) || pending.containsKey(id)) {
        return 0;
      }
      unforced.remove(id);
      return Files.deleteIfExists(pathOf(id)) ? 1 : 0;
    } finally {
      lock.unlock();
    }
  }

  private void writeLoop() {
    for (Map.Entry<BlobId, byte[]> next = awaitPending(); next != null; next = awaitPending()) {
      try {
        write(next.getKey(), next.getValue());
      } catch (IOException e) {
        faults.report("blob " + next.getKey() + " could not be written, and waits in memory", e);
        rest(e);
      }
    }
  }

  /** Returns the oldest blob to be written, without removing it; null when the store is closed. */
  private Map.Entry<BlobId, byte[]> awaitPending() {
    lock.lock();
    try {
      while (pending.isEmpty() && !closed) {
        changed.awaitUninterruptibly();
      }
      return closed ? null : pending.entrySet().iterator().next();
    } finally {
      lock.unlock();
    }
  }

  private void write(BlobId id, byte[] content) throws IOException {
    Path path = pathOf(id);
    Path temporary = DurableFile.temporaryOf(path);
    Files.write(temporary, BlobFormat.encode(content));
    lock.lock();
    try {
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
      unforced.add(id);
      pending.remove(id);
      pendingBytes -= content.length;
      writeFailure = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void rest(IOException failure) {
    lock.lock();
    try {
      writeFailure = failure;
      changed.signalAll();
      long left = RETRY_NANOS;
      while (left > 0 && !closed) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static void requireName(BlobId id) {
    Digests.requireSha256(id.value());
  }
}

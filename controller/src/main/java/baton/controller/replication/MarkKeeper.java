package baton.controller.replication;

import baton.controller.fault.FaultHandler;
import baton.controller.snapshot.DurableFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.server.raftlog.RaftLog;

/**
 * Writes the {@link LogMark}: before anything is acknowledged to a leader or told of what was
 * applied, before a vote leaves, and once a second. Thread-safe.
 */
final class MarkKeeper implements Promises, AutoCloseable {
  private static final long EVERY_MILLIS = 1000;

  private final Path root;
  private final RaftLog log;
  private final FaultHandler faults;
  private final FileChannel file;
  private final ScheduledExecutorService timer = Background.timer("log-mark");

  // guarded by this
  private LogMark written;
  private boolean failed;
  private boolean closed;

  MarkKeeper(Path root, RaftLog log, FaultHandler faults) throws IOException {
    this.root = root;
    this.log = log;
    this.faults = faults;
    this.written = LogMark.read(root).orElse(LogMark.NONE);
    this.file =
        FileChannel.open(
            root.resolve(LogMark.FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    ScheduledFuture<?> unused =
        timer.scheduleWithFixedDelay(
            () -> all(false), EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void voted() {
    all(true);
  }

  /** Notes how far the log is on disk. */
  @Override
  public synchronized void appended() {
    write(
        new LogMark(
            log.getFlushIndex(), written.term(), written.configuration(), written.checksum()));
  }

  /**
   * Notes that, and what Ratis' files without a checksum hold. Ratis forces them and renames them,
   * but not the directory: with the power a vote could go that was told, and the mark be ahead.
   */
  private synchronized void all(boolean voted) {
    try {
      Path current = root.resolve("current");
      StoredMetadata metadata = StoredMetadata.read(current);
      LogMark now =
          new LogMark(
              log.getFlushIndex(), metadata.term(), metadata.configuration(), metadata.checksum());
      if (voted || !now.tellsTheSameMetadata(written)) {
        DurableFile.forceDirectory(current);
      }
      write(now);
    } catch (IOException | RuntimeException e) {
      failed(e);
    }
  }

  private void write(LogMark now) {
    if (closed || now.equals(written)) {
      return;
    }
    try {
      now.write(file);
      written = now;
      failed = false;
    } catch (IOException e) {
      failed(e);
    }
  }

  private void failed(Exception e) {
    if (!failed && !closed) {
      failed = true;
      faults.report("how far the log is on disk could not be noted", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    all(false);
    synchronized (this) {
      closed = true;
    }
    try {
      file.close();
    } catch (IOException e) {
      faults.report("the mark could not be closed", e);
    }
  }
}

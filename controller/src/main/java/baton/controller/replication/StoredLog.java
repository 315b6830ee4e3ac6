package baton.controller.replication;

import baton.controller.fault.FaultHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Looks at Ratis' log before Ratis does. Ratis reads over an entry that ends with the file; but it
 * preallocates its segments with zeros, so an entry that was being written when the process or the
 * machine died is followed by zeros, fails its checksum, and Ratis will not start. Such a torn tail
 * was never acknowledged: it is cut here. Damage with whole entries after it is not a torn tail,
 * and is left for Ratis to refuse.
 *
 * <p>Layout of a segment, Ratis 3.3.0 (SegmentedRaftLogFormat, SegmentedRaftLogOutputStream): 8
 * bytes "RaftLog1"; entries, each a varint length n, n bytes of a LogEntryProto, and 4 bytes
 * big-endian CRC-32C of varint and proto; then zeros.
 */
final class StoredLog {

  private static final Pattern OPEN_SEGMENT = Pattern.compile("log_inprogress_[0-9]+");
  private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);

  /** A LogEntryProto begins with field 1, the term, as a varint. */
  private static final byte TERM_TAG = 0x08;

  private static final int CHECKSUM_BYTES = 4;
  private static final int MAX_SEGMENT_BYTES = 1 << 30;

  private StoredLog() {}

  /**
   * Makes the log below {@code root} fit for Ratis.
   *
   * @param root the directory of one group; it need not exist
   * @param faults where a cut is reported
   */
  static void prepare(Path root, FaultHandler faults) throws IOException {
    Path current = root.resolve("current");
    refuseLostLog(root, current);
    if (!Files.isDirectory(current)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(current)) {
      for (Path file : files) {
        if (OPEN_SEGMENT.matcher(file.getFileName().toString()).matches()) {
          cutTornTail(file, faults);
        }
      }
    }
  }

  /** Ratis formats a directory that lacks its metadata, and would delete the snapshots. */
  private static void refuseLostLog(Path root, Path current) throws IOException {
    Path snapshots = root.resolve("sm");
    if (Files.exists(current.resolve("raft-meta")) || !Files.isDirectory(snapshots)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(snapshots, "snapshot-*")) {
      if (files.iterator().hasNext()) {
        throw new IOException(snapshots + " has snapshots, but the log beside it is gone");
      }
    }
  }

  private static void cutTornTail(Path segment, FaultHandler faults) throws IOException {
    long size = Files.size(segment);
    if (size > MAX_SEGMENT_BYTES) {
      throw new IOException(segment + " has " + size + " bytes, more than any segment");
    }
    byte[] bytes = Files.readAllBytes(segment);
    int written = bytes.length;
    while (written > 0 && bytes[written - 1] == 0) {
      written--;
    }
    if (written < HEADER.length
        || !Arrays.equals(bytes, 0, HEADER.length, HEADER, 0, HEADER.length)) {
      return;
    }
    int end = HEADER.length;
    for (int next = endOfEntry(bytes, end); next > 0; next = endOfEntry(bytes, end)) {
      end = next;
    }
    if (end >= written || wholeEntryWithin(bytes, end + 1, written)) {
      return;
    }
    cut(segment, bytes, end, written, faults);
  }

  private static void cut(Path segment, byte[] bytes, int end, int written, FaultHandler faults)
      throws IOException {
    Path aside = segment.resolveSibling("torn-" + segment.getFileName() + "-at-" + end);
    Files.write(aside, Arrays.copyOfRange(bytes, end, written));
    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      channel.truncate(end);
      channel.force(true);
    }
    faults.report(
        "the last " + (written - end) + " bytes of " + segment + " are an unfinished entry",
        new IOException("cut off, and kept in " + aside));
  }

  /** Returns where the entry at {@code start} ends, or -1 when no whole entry is there. */
  private static int endOfEntry(byte[] bytes, int start) {
    ByteBuffer in = ByteBuffer.wrap(bytes, start, bytes.length - start);
    int length = readVarint(in);
    int bodyStart = in.position();
    if (length <= 0 || length > in.remaining() - CHECKSUM_BYTES || bytes[bodyStart] != TERM_TAG) {
      return -1;
    }
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, start, bodyStart + length - start);
    int stored = in.getInt(bodyStart + length);
    return stored == (int) checksum.getValue() ? bodyStart + length + CHECKSUM_BYTES : -1;
  }

  private static boolean wholeEntryWithin(byte[] bytes, int from, int to) {
    for (int start = from; start < to; start++) {
      if (endOfEntry(bytes, start) > 0) {
        return true;
      }
    }
    return false;
  }

  /** Returns a varint of at most five bytes, or -1. */
  private static int readVarint(ByteBuffer in) {
    int value = 0;
    for (int shift = 0; shift < 35 && in.hasRemaining(); shift += 7) {
      byte part = in.get();
      value |= (part & 0x7f) << shift;
      if (part >= 0) {
        return value;
      }
    }
    return -1;
  }
}

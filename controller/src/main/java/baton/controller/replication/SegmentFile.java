package baton.controller.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A segment of Ratis' log as it is on disk.
 *
 * <p>Layout, Ratis 3.3.0 (SegmentedRaftLogFormat, SegmentedRaftLogOutputStream): 8 bytes
 * "RaftLog1"; entries, each a varint length n, n bytes of a LogEntryProto, and 4 bytes big-endian
 * CRC-32C of varint and proto; then, in the segment that is written to, zeros.
 *
 * @param path the file
 * @param first the index that its name begins with
 * @param closedAt the index that its name ends with; empty for the segment that is written to
 * @param last the index of the last whole entry; {@code first - 1} when there is none
 * @param lastTerm that entry's term; 0 when there is none
 * @param end where that entry ends, in bytes
 * @param written where the zeros begin that the file ends with
 * @param configurations the entries that are configurations, by index
 */
record SegmentFile(
    Path path,
    long first,
    Optional<Long> closedAt,
    long last,
    long lastTerm,
    int end,
    int written,
    Map<Long, byte[]> configurations) {

  private static final Pattern OPEN = Pattern.compile("log_inprogress_([0-9]{1,18})");
  private static final Pattern CLOSED = Pattern.compile("log_([0-9]{1,18})-([0-9]{1,18})");
  private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);

  /** A LogEntryProto begins with field 1, the term, as a varint; its index is field 2. */
  private static final byte TERM_TAG = 0x08;

  private static final byte INDEX_TAG = 0x10;
  private static final byte CONFIGURATION_TAG = 0x22;
  private static final int CHECKSUM_BYTES = 4;
  private static final int MAX_SEGMENT_BYTES = 1 << 30;

  /** Whether a file's name is a segment's. */
  static boolean isSegment(Path file) {
    String name = file.getFileName().toString();
    return CLOSED.matcher(name).matches() || OPEN.matcher(name).matches();
  }

  /** Returns the index that a segment's name begins with. */
  static long firstIndex(Path file) {
    String name = file.getFileName().toString();
    Matcher closed = CLOSED.matcher(name);
    Matcher open = OPEN.matcher(name);
    if (closed.matches() || open.matches()) {
      return Long.parseLong(closed.matches() ? closed.group(1) : open.group(1));
    }
    throw new IllegalArgumentException(file + " is no segment");
  }

  /**
   * Reads a segment.
   *
   * @throws DamagedDataException when it is not what was written; an open segment may end in an
   *     entry that is not whole
   */
  static SegmentFile read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_SEGMENT_BYTES) {
      throw new DamagedDataException(file, size, "no segment is as long as that");
    }
    return new Scan(file, Files.readAllBytes(file)).run();
  }

  boolean isOpen() {
    return closedAt.isEmpty();
  }

  /** Whether the file ends in an entry that was being written. */
  boolean isTorn() {
    return isOpen() && end > 0 && end < written;
  }

  private static final class Scan {
    private final Path file;
    private final byte[] bytes;
    private final long first;
    private final Optional<Long> closedAt;
    private final int written;
    private final Map<Long, byte[]> configurations = new TreeMap<>();
    private int end;
    private long last;
    private long lastTerm;

    Scan(Path file, byte[] bytes) {
      this.file = file;
      this.bytes = bytes;
      Matcher closed = CLOSED.matcher(file.getFileName().toString());
      first = firstIndex(file);
      closedAt = closed.matches() ? Optional.of(Long.valueOf(closed.group(2))) : Optional.empty();
      last = first - 1;
      int used = bytes.length;
      while (used > 0 && bytes[used - 1] == 0) {
        used--;
      }
      written = used;
    }

    SegmentFile run() throws DamagedDataException {
      if (hasHeader()) {
        end = HEADER.length;
        for (int next = endOfEntry(end); next > 0; next = endOfEntry(end)) {
          take(next);
        }
        checkEnd();
      }
      return new SegmentFile(file, first, closedAt, last, lastTerm, end, written, configurations);
    }

    /** Before its first entry was on disk a segment may be without, or with half a header. */
    private boolean hasHeader() throws DamagedDataException {
      int length = Math.min(HEADER.length, written);
      if (!Arrays.equals(bytes, 0, length, HEADER, 0, length)) {
        throw new DamagedDataException(file, 0, "a segment of a log does not begin so");
      }
      if (written < HEADER.length && closedAt.isPresent()) {
        throw new DamagedDataException(file, written, "it ends before entry " + first);
      }
      return written >= HEADER.length;
    }

    private void checkEnd() throws DamagedDataException {
      boolean damaged =
          closedAt.isPresent() ? last != closedAt.get() || end < written : wholeEntryAfterEnd();
      if (damaged) {
        throw new DamagedDataException(file, end, "entry " + (last + 1) + " is not whole");
      }
    }

    private void take(int next) throws DamagedDataException {
      ByteBuffer in = ByteBuffer.wrap(bytes, end, next - end - CHECKSUM_BYTES);
      readVarint(in);
      byte[] entry = Arrays.copyOfRange(bytes, in.position(), next - CHECKSUM_BYTES);
      in.get();
      final long term = readVarint(in);
      long index = 0;
      if (in.hasRemaining() && in.get(in.position()) == INDEX_TAG) {
        in.get();
        index = readVarint(in);
      }
      if (index != last + 1) {
        throw new DamagedDataException(
            file, end, "entry " + index + " is where entry " + (last + 1) + " belongs");
      }
      if (in.hasRemaining() && in.get(in.position()) == CONFIGURATION_TAG) {
        configurations.put(index, entry);
      }
      last = index;
      lastTerm = term;
      end = next;
    }

    /** Returns where the entry at {@code start} ends, or -1 when no whole entry is there. */
    private int endOfEntry(int start) {
      ByteBuffer in = ByteBuffer.wrap(bytes, start, bytes.length - start);
      long length = readVarint(in);
      int bodyStart = in.position();
      if (length <= 0 || length > in.remaining() - CHECKSUM_BYTES || bytes[bodyStart] != TERM_TAG) {
        return -1;
      }
      int bodyEnd = bodyStart + (int) length;
      CRC32C checksum = new CRC32C();
      checksum.update(bytes, start, bodyEnd - start);
      return in.getInt(bodyEnd) == (int) checksum.getValue() ? bodyEnd + CHECKSUM_BYTES : -1;
    }

    private boolean wholeEntryAfterEnd() {
      for (int start = end + 1; start < written; start++) {
        if (endOfEntry(start) > 0) {
          return true;
        }
      }
      return false;
    }

    /** Returns a varint, or -1. */
    private static long readVarint(ByteBuffer in) {
      long value = 0;
      for (int shift = 0; shift < 63 && in.hasRemaining(); shift += 7) {
        byte part = in.get();
        value |= (long) (part & 0x7f) << shift;
        if (part >= 0) {
          return value;
        }
      }
      return -1;
    }
  }
}

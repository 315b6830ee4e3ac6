package baton.controller.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What a log had on disk some time ago. A log that was cut short looks like one that was never
 * longer: only this tells. And it vouches for two files of Ratis' that have no checksum.
 *
 * <p>The file {@code mark} beside the log, big-endian: 8 bytes "BATONMK1", the fields in their
 * order, and a CRC-32C of all before. It is written over in place and never forced, since all that
 * it tells of has been: when it is old or unreadable, less is noticed.
 *
 * @param index the last entry that was on disk; -1 for none
 * @param term the term in {@code raft-meta}; 0 for none
 * @param configuration the entry in {@code raft-meta.conf}; -1 for none
 * @param checksum the CRC-32C of that file
 */
record LogMark(long index, long term, long configuration, int checksum) {
  static final String FILE = "mark";
  static final LogMark NONE = new LogMark(-1, 0, -1, 0);
  private static final byte[] MAGIC = "BATONMK1".getBytes(StandardCharsets.US_ASCII);
  private static final int BYTES = 8 + 3 * Long.BYTES + 2 * Integer.BYTES;

  /** Reads the mark in a group's directory; empty when there is none that can be read. */
  static Optional<LogMark> read(Path root) throws IOException {
    Path file = root.resolve(FILE);
    if (!Files.exists(file) || Files.size(file) != BYTES) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
    byte[] magic = new byte[MAGIC.length];
    in.get(magic);
    LogMark mark = new LogMark(in.getLong(), in.getLong(), in.getLong(), in.getInt());
    boolean whole = Arrays.equals(magic, MAGIC) && in.getInt() == checksum(in.array(), BYTES - 4);
    return whole ? Optional.of(mark) : Optional.empty();
  }

  boolean tellsTheSameMetadata(LogMark other) {
    return term == other.term && configuration == other.configuration && checksum == other.checksum;
  }

  void write(FileChannel file) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.put(MAGIC).putLong(index).putLong(term).putLong(configuration).putInt(checksum);
    out.putInt(checksum(out.array(), out.position())).flip();
    file.write(out, 0);
  }

  static int checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }
}

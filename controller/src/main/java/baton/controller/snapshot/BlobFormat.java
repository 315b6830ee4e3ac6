package baton.controller.snapshot;

import baton.controller.model.BlobId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The file of one blob, version 1, big-endian: 4 bytes magic "BBLB", u8 version, u32 length of the
 * content, then the content as a zlib stream. Its name is the SHA-256 of the content, which is
 * checked on every read.
 */
final class BlobFormat {

  static final int VERSION = 1;
  private static final int MAGIC = 0x42424c42;
  private static final int HEADER_BYTES = Integer.BYTES + 1 + Integer.BYTES;

  private BlobFormat() {}

  static byte[] encode(byte[] content) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(content);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(HEADER_BYTES + content.length / 2 + 64);
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
      header.putInt(MAGIC).put((byte) VERSION).putInt(content.length);
      out.write(header.array(), 0, HEADER_BYTES);
      byte[] buffer = new byte[8192];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  /**
   * Returns the content of a blob's file.
   *
   * @param maxBytes the longest content that is believed
   * @throws SnapshotDamagedException when the file is not what {@link #encode} wrote for {@code id}
   */
  static byte[] decode(BlobId id, byte[] file, int maxBytes) throws SnapshotDamagedException {
    if (file.length < HEADER_BYTES) {
      throw new SnapshotDamagedException("blob " + id + " is cut short");
    }
    ByteBuffer header = ByteBuffer.wrap(file);
    int magic = header.getInt();
    int version = header.get();
    int length = header.getInt();
    if (magic != MAGIC || version != VERSION || length < 0 || length > maxBytes) {
      throw new SnapshotDamagedException("blob " + id + " has a header that is not known");
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(header);
      byte[] content = new byte[length];
      int filled = 0;
      while (filled < length) {
        int count = inflater.inflate(content, filled, length - filled);
        if (count == 0) {
          throw new SnapshotDamagedException("blob " + id + " is cut short");
        }
        filled += count;
      }
      if (!Digests.sha256Hex(content).equals(id.value())) {
        throw new SnapshotDamagedException("blob " + id + " does not match its name");
      }
      return content;
    } catch (DataFormatException e) {
      throw new SnapshotDamagedException("blob " + id + " does not inflate: " + e.getMessage());
    } finally {
      inflater.end();
    }
  }
}

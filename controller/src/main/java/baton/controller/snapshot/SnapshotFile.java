package baton.controller.snapshot;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/**
 * The container of a snapshot: a state at a position of the log, in named sections.
 *
 * <p>Layout, big-endian; the format is Baton's own, version 1:
 *
 * <pre>
 * 8 bytes   magic "BATONSNP"
 * u32       format version
 * i64 i64   term and index of the last entry that the state has seen
 * section*  u8 length of the name (1 to 255), name in ASCII,
 *           chunk* (u32 length, 1 to 65,536; that many bytes), u32 0
 * u8        0
 * 32 bytes  SHA-256 of all that stands before
 * </pre>
 *
 * <p>Sections are chunked so that a writer need not know their length. A file is verified whole
 * before any of it is handed out, so that who decodes a section sees only what was written.
 */
public final class SnapshotFile {

  /** The format that is written. */
  public static final int FORMAT_VERSION = 1;

  static final byte[] MAGIC = "BATONSNP".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = MAGIC.length + Integer.BYTES + 2 * Long.BYTES;
  private static final int MINIMUM_BYTES = HEADER_BYTES + 1 + Digests.SHA256_BYTES;

  private final Path path;
  private final LogPosition position;

  private SnapshotFile(Path path, LogPosition position) {
    this.path = path;
    this.position = position;
  }

  /**
   * A part of a snapshot.
   *
   * @param name 1 to 255 ASCII characters, unique in its file
   * @param content what writes it
   */
  public record Section(String name, Digests.Content content) {}

  /**
   * Writes a snapshot to {@code file}. When this returns it is on disk under its name; when it
   * throws there is no such file, or the older one.
   */
  static SnapshotFile write(Path file, LogPosition position, List<Section> sections)
      throws IOException {
    DurableFile.write(file, raw -> writeTo(raw, position, sections));
    return new SnapshotFile(file, position);
  }

  private static void writeTo(OutputStream raw, LogPosition position, List<Section> sections)
      throws IOException {
    MessageDigest digest = Digests.sha256();
    DataOutputStream out = new DataOutputStream(new DigestOutputStream(raw, digest));
    out.write(MAGIC);
    out.writeInt(FORMAT_VERSION);
    out.writeLong(position.term());
    out.writeLong(position.index());
    for (Section section : sections) {
      byte[] name = section.name().getBytes(StandardCharsets.US_ASCII);
      if (name.length == 0 || name.length > 255) {
        throw new IllegalArgumentException("a section's name has 1 to 255 characters");
      }
      out.writeByte(name.length);
      out.write(name);
      ChunkedOutputStream chunks = new ChunkedOutputStream(out);
      section.content().writeTo(chunks);
      chunks.finish();
    }
    out.writeByte(0);
    out.flush();
    raw.write(digest.digest());
  }

  /**
   * Opens a snapshot after verifying its digest.
   *
   * @throws SnapshotDamagedException when it is not a whole snapshot
   * @throws IOException when its format is not known, as of one that a later version wrote
   */
  public static SnapshotFile open(Path file) throws IOException {
    long length = Files.size(file);
    if (length < MINIMUM_BYTES) {
      throw new SnapshotDamagedException(file + " has only " + length + " bytes");
    }
    verifyDigest(file, length);
    try (DataInputStream in = stream(file)) {
      if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
        throw new SnapshotDamagedException(file + " is not a snapshot");
      }
      int version = in.readInt();
      if (version != FORMAT_VERSION) {
        throw new IOException(file + " has format " + version + ", known is " + FORMAT_VERSION);
      }
      long term = in.readLong();
      long index = in.readLong();
      if (term < 0 || index < 0) {
        throw new SnapshotDamagedException(file + " has position " + term + ":" + index);
      }
      return new SnapshotFile(file, new LogPosition(term, index));
    }
  }

  /** Returns the position of the state. */
  public LogPosition position() {
    return position;
  }

  /** Returns where the file is. */
  public Path path() {
    return path;
  }

  /**
   * Returns the content of a section, for the caller to close.
   *
   * @throws SnapshotDamagedException when there is no such section
   */
  public InputStream section(String name) throws IOException {
    DataInputStream in = stream(path);
    try {
      in.skipNBytes(HEADER_BYTES);
      for (int length = in.readUnsignedByte(); length > 0; length = in.readUnsignedByte()) {
        String found = new String(in.readNBytes(length), StandardCharsets.US_ASCII);
        ChunkedInputStream content = new ChunkedInputStream(in);
        if (found.equals(name)) {
          return new BufferedInputStream(content, 1 << 16);
        }
        content.skipAll();
      }
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
    in.close();
    throw new SnapshotDamagedException(path + " has no section " + name);
  }

  private static void verifyDigest(Path file, long length) throws IOException {
    MessageDigest digest = Digests.sha256();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      long left = length - Digests.SHA256_BYTES;
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          throw new SnapshotDamagedException(file + " became shorter while it was read");
        }
        digest.update(buffer, 0, read);
        left -= read;
      }
      if (!MessageDigest.isEqual(digest.digest(), in.readNBytes(Digests.SHA256_BYTES))) {
        throw new SnapshotDamagedException(file + " does not match its digest");
      }
    }
  }

  private static DataInputStream stream(Path file) throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
  }

  @Override
  public String toString() {
    return path.getFileName() + " at " + position;
  }
}

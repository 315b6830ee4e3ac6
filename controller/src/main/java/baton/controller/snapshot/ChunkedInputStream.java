package baton.controller.snapshot;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads a section of a {@link SnapshotFile}; ends where the section ends. */
final class ChunkedInputStream extends InputStream {

  private final DataInputStream in;
  private int left;
  private boolean ended;

  ChunkedInputStream(DataInputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0 && !nextChunk()) {
      return -1;
    }
    int read = in.read(bytes, offset, Math.min(length, left));
    if (read < 0) {
      throw new SnapshotDamagedException("a section ends inside a chunk");
    }
    left -= read;
    return read;
  }

  /** Skips to the end of the section. */
  void skipAll() throws IOException {
    do {
      in.skipNBytes(left);
      left = 0;
    } while (nextChunk());
  }

  private boolean nextChunk() throws IOException {
    if (ended) {
      return false;
    }
    left = in.readInt();
    if (left < 0 || left > ChunkedOutputStream.CHUNK_BYTES) {
      throw new SnapshotDamagedException("a chunk of " + left + " bytes");
    }
    ended = left == 0;
    return !ended;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

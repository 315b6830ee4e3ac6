package baton.controller.snapshot;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes a section of a {@link SnapshotFile} in chunks; {@link #finish()} ends it. */
final class ChunkedOutputStream extends OutputStream {

  /** The longest chunk, in bytes. */
  static final int CHUNK_BYTES = 1 << 16;

  private final DataOutputStream out;
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private int filled;

  ChunkedOutputStream(DataOutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int oneByte) throws IOException {
    if (filled == chunk.length) {
      writeChunk();
    }
    chunk[filled++] = (byte) oneByte;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (filled == chunk.length) {
        writeChunk();
      }
      int part = Math.min(chunk.length - filled, length - done);
      System.arraycopy(bytes, offset + done, chunk, filled, part);
      filled += part;
      done += part;
    }
  }

  /** Writes what is left, and the end mark. Closing or flushing does neither. */
  void finish() throws IOException {
    if (filled > 0) {
      writeChunk();
    }
    out.writeInt(0);
  }

  private void writeChunk() throws IOException {
    out.writeInt(filled);
    out.write(chunk, 0, filled);
    filled = 0;
  }
}

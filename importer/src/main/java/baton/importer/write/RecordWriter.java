package baton.importer.write;

import baton.importer.state.StateFormat;
import baton.protocol.buffer.WireException;
import baton.protocol.buffer.WireWriter;
import baton.protocol.type.Release;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes one state file record by record; a mebibyte and one record are in memory. A record that
 * the release cannot say fails with {@link WireException} and leaves nothing of itself in the file.
 * For one thread; the stream is closed by who made it.
 */
public final class RecordWriter<H, R> {

  private static final int FLUSH_BYTES = 1 << 20;

  private final StateFormat<H, R> format;
  private final Release release;
  private final OutputStream out;
  private final ByteBuf pending = Unpooled.buffer();

  /** Begins with the header, whose protocol version must be that of the release. */
  public RecordWriter(StateFormat<H, R> format, H header, Release release, OutputStream out) {
    this.format = format;
    this.release = release;
    this.out = out;
    format.header().encoder().encode(header, new WireWriter(pending), release);
  }

  public void write(R record) throws IOException {
    int before = pending.writerIndex();
    try {
      format.record().encoder().encode(record, new WireWriter(pending), release);
    } catch (WireException e) {
      pending.writerIndex(before);
      throw e;
    }
    if (pending.readableBytes() >= FLUSH_BYTES) {
      flush();
    }
  }

  /** Hands on what is pending; to be called after the last record. */
  public void flush() throws IOException {
    pending.readBytes(out, pending.readableBytes());
    pending.clear();
  }
}

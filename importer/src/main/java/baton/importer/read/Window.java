package baton.importer.read;

import baton.importer.state.StateFormat.Decoder;
import baton.protocol.buffer.WireException;
import baton.protocol.buffer.WireReader;
import baton.protocol.type.Release;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;

/**
 * The part of a file that is being decoded. What does not decode is tried again with more of the
 * file behind it, until the file or {@link #MOST_BYTES} end. For one thread.
 */
final class Window {

  /** A record is refused beyond this; the largest, all associations of a site, stays far below. */
  static final int MOST_BYTES = 1 << 28;

  private static final int FIRST_BYTES = 1 << 16;

  private final InputStream in;
  private byte[] bytes = new byte[FIRST_BYTES];
  private int start;
  private int end;
  private long startOffset;
  private boolean fileEnded;

  Window(InputStream in) throws IOException {
    this.in = in;
    fill();
  }

  /** Bytes of the file before what is decoded next. */
  long offset() {
    return startOffset;
  }

  /** Whether the file has ended. */
  boolean isAtEnd() throws IOException {
    if (start == end && !fileEnded) {
      fill();
    }
    return start == end;
  }

  /** Decodes what stands next and goes behind it; fails with the error of the longest try. */
  <T> T next(Decoder<T> decoder, Release release) throws IOException {
    while (true) {
      try {
        return advance(decoder, release);
      } catch (WireException e) {
        if (fileEnded || end - start >= MOST_BYTES) {
          throw e;
        }
        fill();
      }
    }
  }

  /** As {@link #next}, but stays before it. */
  <T> T peek(Decoder<T> decoder, Release release) {
    return decoder.decode(reader(), release);
  }

  private <T> T advance(Decoder<T> decoder, Release release) {
    WireReader reader = reader();
    T value = decoder.decode(reader, release);
    start += reader.offset();
    startOffset += reader.offset();
    return value;
  }

  private WireReader reader() {
    return new WireReader(Unpooled.wrappedBuffer(bytes, start, end - start));
  }

  /** Moves what is left to the front and reads behind it, into twice the room if it filled half. */
  private void fill() throws IOException {
    int left = end - start;
    byte[] room =
        left > bytes.length / 2 ? new byte[Math.min(2 * bytes.length, MOST_BYTES)] : bytes;
    System.arraycopy(bytes, start, room, 0, left);
    bytes = room;
    start = 0;
    int got = in.readNBytes(bytes, left, bytes.length - left);
    end = left + got;
    fileEnded = end < bytes.length;
  }
}

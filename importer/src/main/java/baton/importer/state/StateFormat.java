package baton.importer.state;

import baton.protocol.buffer.WireReader;
import baton.protocol.buffer.WireWriter;
import baton.protocol.type.Release;

/**
 * What one state file is made of: a header, then records to its end. Neither says how long a record
 * is: where one ends is known only by decoding it.
 *
 * @param fileName below the StateSaveLocation
 * @param opening how the release that wrote it is known
 * @param header the codec of the header
 * @param record the codec of a record; {@link Codec#NOTHING} if a file is its header alone
 */
public record StateFormat<H, R>(
    String fileName, Opening opening, Codec<H> header, Codec<R> record) {

  /** What stands at the beginning of a file. */
  public enum Opening {
    /** A string, then the protocol version. */
    TAGGED,
    /** The protocol version. */
    VERSIONED,
    /** Neither: the file is the same in every release. */
    BARE
  }

  /** Reads a value; fails with {@link baton.protocol.buffer.WireException} alone. */
  @FunctionalInterface
  public interface Decoder<T> {
    T decode(WireReader in, Release release);
  }

  /** Writes a value; fails with {@link baton.protocol.buffer.WireException} alone. */
  @FunctionalInterface
  public interface Encoder<T> {
    void encode(T value, WireWriter out, Release release);
  }

  /** Both ways. */
  public record Codec<T>(Decoder<T> decoder, Encoder<T> encoder) {

    /** Of a file that ends with its header: any byte more is a fault. */
    public static final Codec<Void> NOTHING =
        new Codec<>(
            (in, release) -> {
              throw in.error("end", in.remaining() + " bytes too many");
            },
            (value, out, release) -> {
              throw out.error("record", "there are none in this file");
            });
  }
}

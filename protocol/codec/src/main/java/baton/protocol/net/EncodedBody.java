package baton.protocol.net;

import baton.protocol.type.Bytes;
import java.util.List;

/**
 * A body that is encoded already, in the release of the peer that it goes to; so large answers are
 * put together from parts that are kept encoded.
 *
 * @param parts one after the other they are the body; shared, never copied into a heap of their own
 */
public record EncodedBody(List<Bytes> parts) {
  public EncodedBody {
    parts = List.copyOf(parts);
  }

  public static EncodedBody of(Bytes... parts) {
    return new EncodedBody(List.of(parts));
  }

  /** Length of the body. */
  public long bytes() {
    long bytes = 0;
    for (Bytes part : parts) {
      bytes += part.length();
    }
    return bytes;
  }
}

package baton.protocol.net;

import baton.protocol.auth.BodyDigest;
import baton.protocol.auth.DigestType;
import baton.protocol.type.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A body that is encoded already, in the release of the peer that it goes to; so large answers are
 * put together from parts that are kept encoded, and a whole answer can be kept with its digests.
 * Immutable as seen from outside; any thread.
 */
public final class EncodedBody {
  private final List<Bytes> parts;
  private final Map<DigestKey, Bytes> payloads = new ConcurrentHashMap<>();

  private record DigestKey(DigestType digest, int messageType) {}

  /**
   * @param parts one after the other they are the body; shared, never copied into a heap of their
   *     own
   */
  public EncodedBody(List<Bytes> parts) {
    this.parts = List.copyOf(parts);
  }

  public static EncodedBody of(Bytes... parts) {
    return new EncodedBody(List.of(parts));
  }

  /** The parts, in their order. */
  public List<Bytes> parts() {
    return parts;
  }

  /** Length of the body. */
  public long bytes() {
    long bytes = 0;
    for (Bytes part : parts) {
      bytes += part.length();
    }
    return bytes;
  }

  /** The same body in one part. */
  public EncodedBody joined() {
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(bytes()));
    for (Bytes part : parts) {
      all.put(part.asByteBuffer());
    }
    return of(Bytes.owning(all.array()));
  }

  /** What a credential binds in; computed once, since it costs more than sending the body. */
  public Bytes payload(DigestType digest, int messageType) {
    return payloads.computeIfAbsent(
        new DigestKey(digest, messageType),
        key -> {
          List<ByteBuffer> pieces = new ArrayList<>(parts.size());
          for (Bytes part : parts) {
            pieces.add(part.asByteBuffer());
          }
          return BodyDigest.payload(digest, messageType, pieces);
        });
  }
}

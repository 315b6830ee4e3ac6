package baton.protocol.auth;

import baton.protocol.type.Bytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.Kangaroo.KangarooParameters;
import org.bouncycastle.crypto.digests.Kangaroo.KangarooTwelve;
import org.bouncycastle.crypto.digests.SHA3Digest;

/**
 * The payload of a message's credential: one byte digest type, then the digest of the body with the
 * message type mixed in.
 *
 * <p>The message type is a big-endian u16 from 22.05 on: KangarooTwelve takes it as its
 * customization string, SHA3-256 hashes it after the body, and {@link DigestType#NONE} is followed
 * by it alone. Source: 22.05 to 26.05 src/common/slurm_protocol_api.c, src/plugins/hash/.
 */
public final class BodyDigest {
  private static final int DIGEST_BYTES = 32;
  private static final int CHUNK_BYTES = 8192;

  private BodyDigest() {}

  /**
   * The payload for a message; the buffers' positions are left alone.
   *
   * @param messageType number of the message type, u16
   * @param body the body as it is on the wire, in pieces
   */
  public static Bytes payload(DigestType type, int messageType, List<ByteBuffer> body) {
    byte[] mixedIn = {(byte) (messageType >> 8), (byte) messageType};
    return switch (type) {
      case NONE -> Bytes.of((byte) type.code(), mixedIn[0], mixedIn[1]);
      case K12 -> {
        KangarooParameters parameters =
            new KangarooParameters.Builder().setPersonalisation(mixedIn).build();
        KangarooTwelve digest = new KangarooTwelve();
        digest.init(parameters);
        update(digest, body);
        byte[] payload = opened(type);
        // without a length it gives 16 bytes
        digest.doFinal(payload, 1, DIGEST_BYTES);
        yield Bytes.owning(payload);
      }
      case SHA3_256 -> {
        SHA3Digest digest = new SHA3Digest(256);
        update(digest, body);
        digest.update(mixedIn, 0, mixedIn.length);
        byte[] payload = opened(type);
        digest.doFinal(payload, 1);
        yield Bytes.owning(payload);
      }
    };
  }

  private static byte[] opened(DigestType type) {
    byte[] payload = new byte[1 + DIGEST_BYTES];
    payload[0] = (byte) type.code();
    return payload;
  }

  private static void update(Digest digest, List<ByteBuffer> pieces) {
    byte[] chunk = null;
    for (ByteBuffer piece : pieces) {
      if (piece.hasArray()) {
        digest.update(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
        continue;
      }
      if (chunk == null) {
        chunk = new byte[CHUNK_BYTES];
      }
      ByteBuffer rest = piece.duplicate();
      while (rest.hasRemaining()) {
        int length = Math.min(rest.remaining(), CHUNK_BYTES);
        rest.get(chunk, 0, length);
        digest.update(chunk, 0, length);
      }
    }
  }

  /**
   * Whether the payload of a verified credential belongs to this message.
   *
   * @return the digest type it uses, or empty when the message must be refused
   */
  static Optional<DigestType> check(
      Bytes payload, int messageType, List<ByteBuffer> body, DigestPolicy policy) {
    if (payload.isEmpty()) {
      return policy.allowNoPayload() ? Optional.of(DigestType.K12) : Optional.empty();
    }
    return DigestType.of(payload.at(0))
        .filter(type -> type != DigestType.NONE || policy.allowTypeOnly())
        .filter(type -> payload.equals(payload(type, messageType, body)));
  }

  /** For messages in one piece. */
  public static Bytes payload(DigestType type, int messageType, byte[] body) {
    return payload(type, messageType, List.of(ByteBuffer.wrap(body)));
  }
}

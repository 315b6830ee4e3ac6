package baton.protocol.auth;

import java.util.Optional;

/** How the body is bound to its credential; the codes are the first byte of the payload. */
public enum DigestType {
  /** No digest of the body, only the message type. */
  NONE(1),
  /** KangarooTwelve, 32 bytes: what every release from 22.05 on uses unless told otherwise. */
  K12(2),
  /** SHA3-256, from 24.05 with HashPlugin=sha3. */
  SHA3_256(4);

  private final int code;

  DigestType(int code) {
    this.code = code;
  }

  /** The byte that opens the payload. */
  public int code() {
    return code;
  }

  static Optional<DigestType> of(int code) {
    for (DigestType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}

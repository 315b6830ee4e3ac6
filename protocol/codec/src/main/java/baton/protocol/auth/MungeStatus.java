package baton.protocol.auth;

/** What libmunge answers; the codes are those of munge.h. */
public enum MungeStatus {
  SUCCESS(0),
  INTERNAL_ERROR(1),
  BAD_ARGUMENT(2),
  BAD_LENGTH(3),
  OVERFLOW(4),
  NO_MEMORY(5),
  /** munged cannot be reached: not running, wrong socket, or too busy. */
  SOCKET_DOWN(6),
  TIMEOUT(7),
  BAD_CREDENTIAL(8),
  BAD_VERSION(9),
  BAD_CIPHER(10),
  BAD_MAC(11),
  BAD_ZIP(12),
  BAD_REALM(13),
  /** Made with another key, or damaged. */
  INVALID(14),
  EXPIRED(15),
  /** Made in the future: the clocks of two hosts disagree. */
  REWOUND(16),
  REPLAYED(17),
  /** Restricted to another user or group than the one that decodes. */
  UNAUTHORIZED(18),
  /** A code that no known libmunge gives. */
  UNKNOWN(-1),
  /** Not libmunge's: too many requests wait for munged already. */
  BUSY(-2);

  private final int code;

  MungeStatus(int code) {
    this.code = code;
  }

  static MungeStatus of(int code) {
    for (MungeStatus status : values()) {
      if (status.code == code) {
        return status;
      }
    }
    return UNKNOWN;
  }
}

package baton.protocol.auth;

import baton.protocol.type.Bytes;

/**
 * What munged says of a credential. Only when {@link #succeeded()} may the user be trusted; with
 * {@code EXPIRED}, {@code REWOUND} and {@code REPLAYED} the other values are known as well.
 *
 * @param status the verdict
 * @param payload the bytes that were sealed in, never null
 * @param uid the user that made the credential, an unsigned 32 bit value
 * @param gid that user's group, an unsigned 32 bit value
 * @param encodedAtSeconds when it was made, epoch seconds; 0 when unknown
 * @param address IPv4 address of the host where it was made, in network order; 0 when unknown
 * @param restrictedToUid the only user that may decode it, an unsigned 32 bit value, or {@link
 *     #ANYONE}
 * @param detail libmunge's sentence on failure; empty on success
 */
public record MungeDecoded(
    MungeStatus status,
    Bytes payload,
    long uid,
    long gid,
    long encodedAtSeconds,
    int address,
    long restrictedToUid,
    String detail) {
  /** The value of {@code restrictedToUid} for a credential that anyone may decode. */
  public static final long ANYONE = 0xffff_ffffL;

  static MungeDecoded failed(MungeStatus status, String detail) {
    return new MungeDecoded(status, Bytes.EMPTY, ANYONE, ANYONE, 0, 0, ANYONE, detail);
  }

  public boolean succeeded() {
    return status == MungeStatus.SUCCESS;
  }
}

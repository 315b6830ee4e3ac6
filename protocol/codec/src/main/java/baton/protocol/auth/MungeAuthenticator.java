package baton.protocol.auth;

import baton.protocol.auth.AuthRefusal.Reason;
import baton.protocol.type.Bytes;
import baton.protocol.type.Gid;
import baton.protocol.type.Uid;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Authentication through munged, as auth/munge of Slurm does it. */
public final class MungeAuthenticator implements Authenticator {
  private final MungePool pool;
  private final DigestPolicy policy;

  /** Takes the pool over and closes it in the end. */
  public MungeAuthenticator(MungePool pool, DigestPolicy policy) {
    this.pool = pool;
    this.policy = policy;
  }

  @Override
  public CompletionStage<SealOutcome> seal(Supplier<Bytes> payload, Audience audience) {
    return pool.submit(
        MungeAuthenticator::busy,
        context -> {
          MungeEncoded encoded =
              pool.encodePatiently(context, payload.get(), audience.restrictedToUid());
          return encoded.succeeded()
              ? AuthSection.munge(encoded.credential())
              : refuse(encoded.status(), encoded.detail());
        });
  }

  @Override
  public CompletionStage<VerifyOutcome> verify(
      AuthSection section, int messageType, List<ByteBuffer> body) {
    return pool.submit(
        MungeAuthenticator::busy,
        context -> {
          if (section.plugin() != AuthPlugin.MUNGE) {
            return new AuthRefusal(
                Reason.UNKNOWN_PLUGIN, section.plugin() + " is not used by this cluster");
          }
          return judge(pool.decodePatiently(context, section.token()), messageType, body);
        });
  }

  private VerifyOutcome judge(MungeDecoded decoded, int messageType, List<ByteBuffer> body) {
    if (!decoded.succeeded()) {
      return refuse(decoded.status(), decoded.detail());
    }
    Optional<DigestType> digest = BodyDigest.check(decoded.payload(), messageType, body, policy);
    if (digest.isEmpty()) {
      return new AuthRefusal(
          Reason.OTHER_BODY, "credential of uid " + decoded.uid() + " is for another message");
    }
    Caller caller =
        new Caller(Uid.of(decoded.uid()), Gid.of(decoded.gid()), host(decoded.address()));
    return new Verified(caller, digest.get());
  }

  // in_addr of a little-endian host: the first byte of the address is the lowest of the number
  private static Optional<InetAddress> host(int address) {
    if (address == 0) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).order(java.nio.ByteOrder.nativeOrder());
    bytes.putInt(address);
    try {
      return Optional.of(InetAddress.getByAddress(bytes.array()));
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static AuthRefusal busy() {
    return refuse(MungeStatus.BUSY, "too many requests wait for munged");
  }

  private static AuthRefusal refuse(MungeStatus status, String detail) {
    Reason reason =
        switch (status) {
          case EXPIRED -> Reason.EXPIRED;
          case REWOUND -> Reason.REWOUND;
          case REPLAYED -> Reason.REPLAYED;
          case UNAUTHORIZED -> Reason.NOT_FOR_US;
          case BUSY -> Reason.BUSY;
          case SOCKET_DOWN, TIMEOUT, NO_MEMORY -> Reason.UNAVAILABLE;
          case SUCCESS,
              INTERNAL_ERROR,
              BAD_ARGUMENT,
              BAD_LENGTH,
              OVERFLOW,
              BAD_CREDENTIAL,
              BAD_VERSION,
              BAD_CIPHER,
              BAD_MAC,
              BAD_ZIP,
              BAD_REALM,
              INVALID,
              UNKNOWN ->
              Reason.INVALID;
        };
    return new AuthRefusal(reason, detail);
  }

  @Override
  public void close() {
    pool.close();
  }
}

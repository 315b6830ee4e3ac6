package baton.controller.replication.peer;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What lets a machine join that has no munge key yet. Any member can tell whether it is genuine,
 * since the secret is a code over the rest under the authority's key.
 *
 * @param id the member to be
 * @param address where it will be reached
 * @param peers members to ask
 * @param authority SHA-256 of the cluster's authority, in hex
 * @param expiresSeconds epoch seconds
 * @param secret the code, in hex
 */
record JoinToken(
    String id,
    String address,
    Map<String, String> peers,
    String authority,
    long expiresSeconds,
    String secret) {
  static final Duration LIFE = Duration.ofHours(1);
  private static final String PREFIX = "baton1.";
  private static final int PARTS = 6;

  static JoinToken issue(MemberIdentity issuer, String id, String address, Instant now) {
    String authority = Hex.of(Certificates.fingerprint(issuer.authority()));
    long expires = now.plus(LIFE).getEpochSecond();
    return new JoinToken(
        id, address, issuer.peers(), authority, expires, code(issuer, id, address, expires));
  }

  boolean isGenuine(MemberIdentity issuer, Instant now) {
    return now.getEpochSecond() < expiresSeconds
        && MessageDigest.isEqual(
            code(issuer, id, address, expiresSeconds).getBytes(StandardCharsets.UTF_8),
            secret.getBytes(StandardCharsets.UTF_8));
  }

  private static String code(MemberIdentity issuer, String id, String address, long expires) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      MessageDigest key = MessageDigest.getInstance("SHA-256");
      key.update("baton join token 1".getBytes(StandardCharsets.UTF_8));
      mac.init(new SecretKeySpec(key.digest(issuer.authorityKey().getEncoded()), "HmacSHA256"));
      String text = id + "|" + address + "|" + expires;
      return Hex.of(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String text() {
    String all =
        String.join(
            "|",
            id,
            address,
            PeerAddress.list(peers),
            authority,
            Long.toString(expiresSeconds),
            secret);
    return PREFIX
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(all.getBytes(StandardCharsets.UTF_8));
  }

  static Optional<JoinToken> parse(String text) {
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
      String[] parts = new String(bytes, StandardCharsets.UTF_8).split("\\|", -1);
      if (parts.length != PARTS || !MemberName.isId(parts[0]) || !PeerAddress.isValid(parts[1])) {
        return Optional.empty();
      }
      long expires = Long.parseLong(parts[4]);
      return PeerAddress.parseList(parts[2])
          .map(peers -> new JoinToken(parts[0], parts[1], peers, parts[3], expires, parts[5]));
    } catch (IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }
}

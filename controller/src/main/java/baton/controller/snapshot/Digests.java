package baton.controller.snapshot;

import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, and its form as 64 lowercase hexadecimal digits. */
public final class Digests {

  /** The length of a SHA-256 digest in bytes. */
  public static final int SHA256_BYTES = 32;

  private Digests() {}

  /** Writes content to a stream. */
  public interface Content {
    /** Writes all of it to {@code out}, which the caller closes. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Returns a fresh SHA-256 computation. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Returns the digest of {@code bytes}. */
  public static String sha256Hex(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  /** Returns the digest of what {@code content} writes, without keeping it. */
  public static String sha256Hex(Content content) throws IOException {
    MessageDigest digest = sha256();
    try (DigestOutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      content.writeTo(out);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Tells whether {@code text} has the form of a digest. */
  static boolean isSha256(String text) {
    if (text.length() != 2 * SHA256_BYTES) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  static void requireSha256(String text) {
    if (!isSha256(text)) {
      throw new IllegalArgumentException("not a SHA-256 in lowercase hex: " + text);
    }
  }
}

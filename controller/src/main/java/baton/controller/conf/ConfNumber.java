package baton.controller.conf;

import baton.protocol.type.NoVal;
import java.math.BigInteger;
import java.util.Locale;

/**
 * Numbers and yes/no values as slurm.conf has them: decimal, octal with a leading 0, hexadecimal
 * with 0x; INFINITE or UNLIMITED; for 32 and 64 bits a K behind for 1024.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/common/parse_value.c.
 */
final class ConfNumber {
  private static final BigInteger MAX_UNSIGNED_LONG = new BigInteger("ffffffffffffffff", 16);
  private static final BigInteger K = BigInteger.valueOf(1024);

  private ConfNumber() {}

  /** A value, or why there is none (the other is null). */
  record Parsed(Long value, String fault) {
    static Parsed of(long value) {
      return new Parsed(value, null);
    }

    static Parsed wrong(String fault) {
      return new Parsed(null, fault);
    }
  }

  /** Reads a value of that type; u64 beyond 2^63 as its bits, boolean as 0 or 1. */
  static Parsed parse(ConfKey.Type type, String name, String value) {
    return switch (type) {
      case U16 -> unsigned(name, value, 16, NoVal.INFINITE16);
      case U32 -> unsigned(name, value, 32, NoVal.INFINITE);
      case U64 -> unsigned(name, value, 64, NoVal.INFINITE64);
      case BOOLEAN -> yesNo(name, value);
      case STRING, LIST -> throw new IllegalArgumentException(type.toString());
    };
  }

  private static Parsed yesNo(String name, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "yes", "up", "true", "1" -> Parsed.of(1);
      case "no", "down", "false", "0" -> Parsed.of(0);
      default -> Parsed.wrong(name + "=" + value + " must be YES or NO");
    };
  }

  private static Parsed unsigned(String name, String value, int bits, long infinite) {
    if (value.equalsIgnoreCase("UNLIMITED") || value.equalsIgnoreCase("INFINITE")) {
      return Parsed.of(infinite);
    }
    boolean negative = value.startsWith("-");
    String digits = negative || value.startsWith("+") ? value.substring(1) : value;
    boolean kilo = bits > 16 && digits.toLowerCase(Locale.ROOT).endsWith("k");
    if (kilo) {
      digits = digits.substring(0, digits.length() - 1);
    }
    BigInteger number = magnitude(digits);
    if (number == null || (digits.isEmpty() && !value.isEmpty())) {
      return Parsed.wrong(name + "=" + value + " is not a number");
    }
    if (negative) {
      return Parsed.wrong(name + "=" + value + " is less than zero");
    }
    BigInteger scaled = kilo ? number.multiply(K) : number;
    BigInteger max = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
    if (scaled.compareTo(max) > 0) {
      return Parsed.wrong(name + "=" + value + " is greater than " + max);
    }
    return Parsed.of(scaled.longValue());
  }

  /** The number that digits of C denote, null if they are none; the empty string is 0. */
  private static BigInteger magnitude(String digits) {
    String lower = digits.toLowerCase(Locale.ROOT);
    int base = lower.startsWith("0x") ? 16 : lower.startsWith("0") ? 8 : 10;
    String body = base == 16 ? lower.substring(2) : lower;
    if (body.isEmpty()) {
      return base == 16 ? null : BigInteger.ZERO;
    }
    for (int i = 0; i < body.length(); i++) {
      if (Character.digit(body.charAt(i), base) < 0 || body.charAt(i) > 'f') {
        return null;
      }
    }
    // Longer strings of digits are out of range whatever they say.
    return body.length() > 64 ? MAX_UNSIGNED_LONG.shiftLeft(1) : new BigInteger(body, base);
  }
}

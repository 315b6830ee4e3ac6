package baton.protocol.schema;

import java.util.Map;
import java.util.OptionalLong;

/** Slurm's named numbers, as the Java type of their width holds them, and plain literals. */
public final class Constants {

  private static final Map<String, Long> NAMED =
      Map.of(
          "NO_VAL8", 0xfeL,
          "NO_VAL16", 0xfffeL,
          "NO_VAL", 0xfffffffeL,
          "NO_VAL64", -2L,
          "INFINITE8", 0xffL,
          "INFINITE16", 0xffffL,
          "INFINITE", 0xffffffffL,
          "INFINITE64", -1L);

  private Constants() {}

  /**
   * The value of a named constant, or of a decimal or {@code 0x} literal; empty for other words.
   */
  public static OptionalLong value(String word) {
    Long named = NAMED.get(word);
    if (named != null) {
      return OptionalLong.of(named);
    }
    try {
      return word.startsWith("0x")
          ? OptionalLong.of(Long.parseUnsignedLong(word.substring(2), 16))
          : OptionalLong.of(Long.parseLong(word));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}

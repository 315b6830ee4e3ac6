package baton.controller.conf;

import java.util.Locale;

/**
 * One {@code Key=Value} of a statement.
 *
 * @param key as written
 * @param value without its quotes
 * @param end index in the statement after it
 */
record KeyValue(String key, String value, int end) {

  String lowerKey() {
    return key.toLowerCase(Locale.ROOT);
  }

  /**
   * Reads the pair that begins at {@code start}, blanks aside, or null if none does. A key has
   * letters, digits, dots and underscores. The equals sign may have blanks around it and an
   * operator before it, which is accepted and without effect. A value is in double quotes with a
   * blank or the end behind, or runs to the next blank.
   */
  static KeyValue scan(String text, int start) {
    int keyStart = skipSpace(text, start);
    int keyEnd = keyStart;
    while (keyEnd < text.length() && isKeyCharacter(text.charAt(keyEnd))) {
      keyEnd++;
    }
    int sign = skipSpace(text, keyEnd);
    if (sign < text.length() && "-*+/".indexOf(text.charAt(sign)) >= 0) {
      sign++;
    }
    if (keyEnd == keyStart || sign >= text.length() || text.charAt(sign) != '=') {
      return null;
    }
    int valueStart = skipSpace(text, sign + 1);
    if (valueStart == text.length()) {
      return null;
    }
    String key = text.substring(keyStart, keyEnd);
    if (text.charAt(valueStart) == '"') {
      int quote = text.indexOf('"', valueStart + 1);
      boolean closed = quote > 0 && (quote + 1 == text.length() || spaceAt(text, quote + 1));
      if (closed) {
        return new KeyValue(key, text.substring(valueStart + 1, quote), quote + 1);
      }
    }
    int end = valueStart;
    while (end < text.length() && !spaceAt(text, end)) {
      end++;
    }
    return new KeyValue(key, text.substring(valueStart, end), end);
  }

  static int skipSpace(String text, int start) {
    int i = start;
    while (i < text.length() && spaceAt(text, i)) {
      i++;
    }
    return i;
  }

  private static boolean spaceAt(String text, int index) {
    return ConfText.isSpace(text.charAt(index));
  }

  private static boolean isKeyCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '.';
  }
}

package baton.controller.conf;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts the content of a configuration file into statements.
 *
 * <p>On each line, what follows a {@code #} is a comment unless an odd number of backslashes stands
 * before it. A line that then ends in an odd number of backslashes (blanks may follow) goes on in
 * the next one, with nothing in between. At last every backslash gives way to the character after
 * it.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/common/parse_config.c.
 */
final class ConfText {
  private ConfText() {}

  /**
   * UTF-8; a byte that is not part of it becomes U+DC00 + byte, as in strings of the wire, where it
   * turns into that byte again.
   */
  static String decode(byte[] content) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(content);
    CharBuffer out = CharBuffer.allocate(content.length);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (!result.isError()) {
        return out.flip().toString();
      }
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (0xdc00 + (in.get() & 0xff)));
      }
    }
  }

  static List<ConfLine> statements(Path file, String content) {
    List<ConfLine> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    int first = 1;
    int number = 0;
    int start = 0;
    while (start < content.length()) {
      int end = content.indexOf('\n', start);
      String line = content.substring(start, end < 0 ? content.length() : end);
      start = end < 0 ? content.length() : end + 1;
      number++;
      line = withoutComment(line);
      int cut = continuation(line);
      statement.append(line, 0, cut < 0 ? line.length() : cut);
      if (cut < 0 || start == content.length()) {
        statements.add(new ConfLine(file, first, number, withoutEscapes(statement)));
        statement.setLength(0);
        first = number + 1;
      }
    }
    return statements;
  }

  private static String withoutComment(String line) {
    int backslashes = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '#' && backslashes % 2 == 0) {
        return line.substring(0, i);
      }
      backslashes = c == '\\' ? backslashes + 1 : 0;
    }
    return line;
  }

  /** Where the backslash stands that continues the line, or -1. */
  private static int continuation(String line) {
    int last = line.length() - 1;
    while (last >= 0 && isSpace(line.charAt(last))) {
      last--;
    }
    int backslashes = 0;
    while (last - backslashes >= 0 && line.charAt(last - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1 ? last : -1;
  }

  private static String withoutEscapes(CharSequence line) {
    StringBuilder text = new StringBuilder(line.length());
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) == '\\') {
        i++;
      }
      if (i < line.length()) {
        text.append(line.charAt(i));
      }
    }
    return text.toString();
  }

  static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  /**
   * The running hash over lines that slurmctld and slurmd compare (and only log): all bytes of all
   * files, in the order of reading.
   */
  static int hash(int hash, byte[] content) {
    int value = hash;
    for (byte b : content) {
      value ^= b << 8;
      for (int bit = 0; bit < 8; bit++) {
        boolean carry = (value & 0x8000) != 0;
        value <<= 1;
        if (carry) {
          value ^= 4129;
        }
      }
    }
    return value;
  }
}

package baton.protocol.buffer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;

/**
 * Slurm's strings are bytes, mostly ASCII, usually UTF-8, sometimes neither. They become Java
 * strings without loss: a byte that is not part of valid UTF-8 becomes the lone surrogate U+DC00 +
 * byte (as Python's surrogateescape does) and turns into that byte again on the way out.
 */
final class WireText {

  private static final int ESCAPE = 0xdc00;

  private WireText() {}

  static String decode(byte[] bytes, int start, int length) {
    for (int i = start; i < start + length; i++) {
      if (bytes[i] < 0) {
        return decodeUtf8(bytes, start, length);
      }
    }
    return new String(bytes, start, length, ISO_8859_1);
  }

  private static String decodeUtf8(byte[] bytes, int start, int length) {
    CharsetDecoder decoder =
        UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, start, length);
    CharBuffer out = CharBuffer.allocate(length);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (!result.isError()) {
        return out.flip().toString();
      }
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (ESCAPE + (in.get() & 0xff)));
      }
    }
  }

  /** How many leading characters of {@code text} are ASCII and were stored from {@code at} on. */
  static int encodeAscii(String text, byte[] out, int at) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char character = text.charAt(i);
      if (character >= 0x80) {
        return i;
      }
      out[at + i] = (byte) character;
    }
    return length;
  }

  /** The bytes of a text that need not be ASCII. */
  static byte[] encode(String text) {
    if (text.chars().noneMatch(WireText::isEscape)) {
      return text.getBytes(UTF_8);
    }
    byte[] out = new byte[3 * text.length()];
    int at = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      i += Character.charCount(codePoint);
      if (isEscape(codePoint)) {
        out[at++] = (byte) (codePoint - ESCAPE);
      } else {
        byte[] encoded = Character.toString(codePoint).getBytes(UTF_8);
        System.arraycopy(encoded, 0, out, at, encoded.length);
        at += encoded.length;
      }
    }
    return Arrays.copyOf(out, at);
  }

  private static boolean isEscape(int codePoint) {
    return codePoint >= ESCAPE + 0x80 && codePoint <= ESCAPE + 0xff;
  }
}

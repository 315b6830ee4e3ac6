package baton.controller.journal;

import baton.protocol.buffer.WireReader;
import baton.protocol.buffer.WireWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * Scripts and environments as they lie in the blob store: the bytes that the user sent. A script is
 * its text; an environment is {@code NAME=value} with a NUL after each, as in /proc/PID/environ.
 * What is not UTF-8 survives, as it does on the wire.
 */
public final class JobText {
  private JobText() {}

  public static byte[] ofScript(String script) {
    byte[] text = terminated(List.of(script));
    byte[] bytes = new byte[text.length - 1];
    System.arraycopy(text, 0, bytes, 0, bytes.length);
    return bytes;
  }

  public static String toScript(byte[] bytes) {
    return string(bytes, 0, bytes.length);
  }

  public static byte[] ofEnvironment(List<String> variables) {
    return terminated(variables);
  }

  public static List<String> toEnvironment(byte[] bytes) {
    List<String> variables = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        variables.add(string(bytes, start, i - start));
        start = i + 1;
      }
    }
    return variables;
  }

  /** Strings with a NUL after each: the strings of the wire without their lengths. */
  private static byte[] terminated(List<String> strings) {
    ByteBuf buffer = Unpooled.buffer();
    ByteBuf one = Unpooled.buffer();
    try {
      for (String string : strings) {
        one.clear();
        new WireWriter(one).string("text", string);
        buffer.writeBytes(one, Integer.BYTES, one.readableBytes() - Integer.BYTES);
      }
      byte[] bytes = new byte[buffer.readableBytes()];
      buffer.readBytes(bytes);
      return bytes;
    } finally {
      buffer.release();
      one.release();
    }
  }

  private static String string(byte[] bytes, int start, int length) {
    ByteBuf buffer = Unpooled.buffer(Integer.BYTES + length + 1);
    try {
      buffer.writeInt(length + 1).writeBytes(bytes, start, length).writeByte(0);
      return new WireReader(buffer).string("text");
    } finally {
      buffer.release();
    }
  }
}

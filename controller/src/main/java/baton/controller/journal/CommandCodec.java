package baton.controller.journal;

import baton.controller.command.Command;
import baton.protocol.buffer.WireException;
import baton.protocol.buffer.WireReader;
import baton.protocol.buffer.WireWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A command as the log keeps it, big-endian: u16 {@link Format}, u16 kind, and the layout of
 * src/main/schema/command.
 */
public final class CommandCodec {
  private static final int USUAL_BYTES = 512;

  private CommandCodec() {}

  /** Writes a command; fails with {@link WireException} when a field holds what cannot be told. */
  public static byte[] encode(Command command) {
    ByteBuf buffer = Unpooled.buffer(USUAL_BYTES);
    try {
      WireWriter out = new WireWriter(buffer);
      CommandKind kind = CommandKind.of(command);
      out.u16("format", Format.current().number());
      out.u16("kind", kind.number());
      kind.encode(command, out, Format.current());
      byte[] bytes = new byte[buffer.readableBytes()];
      buffer.readBytes(bytes);
      return bytes;
    } finally {
      buffer.release();
    }
  }

  /** Reads a command; fails with {@link WireException} on anything but one whole command. */
  public static Command decode(byte[] bytes) {
    WireReader in = new WireReader(Unpooled.wrappedBuffer(bytes));
    int formatNumber = in.u16("format");
    Format format =
        Format.of(formatNumber)
            .orElseThrow(() -> in.error("format", "is unknown here: " + formatNumber));
    int number = in.u16("kind");
    CommandKind kind =
        CommandKind.of(number).orElseThrow(() -> in.error("kind", "is unknown here: " + number));
    Command command = kind.decode(in, format);
    in.expectEnd("Command");
    return command;
  }
}

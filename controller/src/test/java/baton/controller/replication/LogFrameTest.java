package baton.controller.replication;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogFrameTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final LogFrame.Stamp STAMP = new LogFrame.Stamp(3, 0x1234_5678_9abc_def0L, 7);
  private static final String STAMP_HEX =
      "0000000000000003" + "123456789abcdef0" + "0000000000000007";

  private static byte[] batch(byte[]... commands) {
    return new LogFrame(LogFrame.Kind.BATCH, STAMP, LogFrame.batch(List.of(commands))).encode();
  }

  @Test
  void aBatchIsWrittenAsItIsDescribed() {
    byte[] frame = batch(new byte[] {1, 2}, new byte[0], new byte[] {3});
    assertEquals(
        "010400" + STAMP_HEX + "00000002" + "0102" + "00000000" + "00000001" + "03",
        HEX.formatHex(frame));
    LogFrame read = LogFrame.decode(ByteBuffer.wrap(frame));
    assertEquals(STAMP, read.stamp());
    List<byte[]> commands = read.commands();
    assertEquals(3, commands.size());
    assertArrayEquals(new byte[] {1, 2}, commands.get(0));
    assertArrayEquals(new byte[0], commands.get(1));
    assertArrayEquals(new byte[] {3}, commands.get(2));
  }

  @Test
  void aLongBatchIsCompressed() {
    byte[] frame = batch(new byte[20_000], new byte[20_000]);
    assertEquals(20_000, LogFrame.decode(ByteBuffer.wrap(frame)).commands().get(1).length);
  }

  @Test
  void aBatchThatNobodyWroteIsRefused() {
    for (String payload : List.of("00", "00000002" + "01", "ffffffff", "7fffffff00")) {
      LogFrame frame =
          LogFrame.decode(ByteBuffer.wrap(HEX.parseHex("010400" + STAMP_HEX + payload)));
      assertThrows(IllegalArgumentException.class, frame::commands, payload);
    }
  }

  @Test
  void aMarkHoldsNoCommands() {
    LogFrame mark = new LogFrame(LogFrame.Kind.MARK, STAMP, new byte[0]);
    assertThrows(IllegalArgumentException.class, mark::commands);
  }
}

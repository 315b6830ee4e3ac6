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

  @Test
  void aBatchIsWrittenAsItIsDescribed() {
    byte[] frame = LogFrame.batch(List.of(new byte[] {1, 2}, new byte[0], new byte[] {3})).encode();
    assertEquals(
        "010400" + "00000002" + "0102" + "00000000" + "00000001" + "03", HEX.formatHex(frame));
    List<byte[]> commands = LogFrame.decode(ByteBuffer.wrap(frame)).commands();
    assertEquals(3, commands.size());
    assertArrayEquals(new byte[] {1, 2}, commands.get(0));
    assertArrayEquals(new byte[0], commands.get(1));
    assertArrayEquals(new byte[] {3}, commands.get(2));
  }

  @Test
  void aLongBatchIsCompressed() {
    byte[] frame = LogFrame.batch(List.of(new byte[20_000], new byte[20_000])).encode();
    assertEquals(20_000, LogFrame.decode(ByteBuffer.wrap(frame)).commands().get(1).length);
  }

  @Test
  void aBatchThatNobodyWroteIsRefused() {
    for (String payload : List.of("00", "00000002" + "01", "ffffffff", "7fffffff00")) {
      LogFrame frame = LogFrame.decode(ByteBuffer.wrap(HEX.parseHex("010400" + payload)));
      assertThrows(IllegalArgumentException.class, frame::commands, payload);
    }
  }

  @Test
  void aMarkHoldsNoCommands() {
    LogFrame mark = new LogFrame(LogFrame.Kind.MARK, new byte[0]);
    assertThrows(IllegalArgumentException.class, mark::commands);
  }
}

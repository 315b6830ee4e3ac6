package baton.protocol.buffer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.type.BitString;
import baton.protocol.type.Bytes;
import baton.protocol.type.NoVal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Expected bytes are worked out by hand from Slurm's src/common/pack.c. */
class WireBufferTest {

  private static String written(Consumer<WireWriter> write) {
    ByteBuf out = Unpooled.buffer(0);
    write.accept(new WireWriter(out));
    String heap = ByteBufUtil.hexDump(out);
    ByteBuf direct = Unpooled.directBuffer(0);
    try {
      write.accept(new WireWriter(direct));
      assertEquals(heap, ByteBufUtil.hexDump(direct));
    } finally {
      direct.release();
    }
    return heap;
  }

  private static WireReader reader(String hex) {
    return new WireReader(Unpooled.wrappedBuffer(Bytes.ofHex(hex).toByteArray()));
  }

  @Test
  void integersAreBigEndian() {
    assertEquals("7f", written(out -> out.u8("f", 0x7f)));
    assertEquals("0102", written(out -> out.u16("f", 0x0102)));
    assertEquals("fffffffe", written(out -> out.u32("f", NoVal.NO_VAL)));
    assertEquals("fffffffe", written(out -> out.i32("f", -2)));
    assertEquals("fffffffffffffffe", written(out -> out.i64("f", NoVal.NO_VAL64)));
    assertEquals(NoVal.NO_VAL, reader("fffffffe").u32("f"));
    assertEquals(-2, reader("fffffffe").i32("f"));
    assertEquals(0xfffe, reader("fffe").u16("f"));
  }

  @Test
  void aValueThatDoesNotFitIsRefused() {
    assertThrows(WireException.class, () -> written(out -> out.u16("f", 0x10000)));
    assertThrows(WireException.class, () -> written(out -> out.u8("f", -1)));
    assertThrows(WireException.class, () -> written(out -> out.u32("f", 1L << 32)));
  }

  @Test
  void stringsCarryTheirNul() {
    assertEquals("00000000", written(out -> out.string("f", null)));
    assertEquals("0000000100", written(out -> out.string("f", "")));
    assertEquals("000000036e3100", written(out -> out.string("f", "n1")));
    assertEquals("00000003c3a900", written(out -> out.string("f", "é")));
    assertNull(reader("00000000").string("f"));
    assertEquals("", reader("0000000100").string("f"));
    assertEquals("é", reader("00000003c3a900").string("f"));
    assertEquals("a\0b", reader("0000000461006200").string("f"));
  }

  @Test
  void aStringWithoutNulOrLongerThanTheBytesIsRefused() {
    WireException unterminated =
        assertThrows(WireException.class, () -> reader("000000026161").string("name"));
    assertEquals("name", unterminated.field());
    assertEquals(4, unterminated.offset());
    assertThrows(WireException.class, () -> reader("0000000361").string("f"));
    assertThrows(WireException.class, () -> reader("ffffffff61").string("f"));
    assertThrows(WireException.class, () -> reader("00000003616200").string("f", 2));
  }

  @Property
  void anyBytesSurviveAsString(@ForAll byte[] content) {
    ByteBuf in = Unpooled.buffer();
    in.writeInt(content.length + 1).writeBytes(content).writeByte(0);
    byte[] before = ByteBufUtil.getBytes(in);
    String text = new WireReader(in).string("f");
    ByteBuf out = Unpooled.buffer();
    new WireWriter(out).string("f", text);
    assertArrayEquals(before, ByteBufUtil.getBytes(out));
  }

  @Property
  void decimalsSurvive(@ForAll double value) {
    ByteBuf out = Unpooled.buffer();
    new WireWriter(out).decimal("f", value);
    byte[] before = ByteBufUtil.getBytes(out);
    double read = new WireReader(out).decimal("f");
    ByteBuf again = Unpooled.buffer();
    new WireWriter(again).decimal("f", read);
    if (Math.abs(value) > 1e-290) { // below, the division would leave the normal range
      assertArrayEquals(before, ByteBufUtil.getBytes(again));
    }
  }

  @Test
  void decimalsAreScaled() {
    // 0.25 * 1e6 = 250000.0 = 0x410e848000000000
    assertEquals("410e848000000000", written(out -> out.decimal("f", 0.25)));
    assertEquals("48742400", written(out -> out.decimal32("f", 0.25)));
    assertEquals(0.25, reader("410e848000000000").decimal("f"));
    assertEquals(0.25, reader("48742400").decimal32("f"));
  }

  @Test
  void bitStringsAreSizeAndMask() {
    BitString bits = BitString.ofIndices(6, 0, 5);
    assertEquals("00000006" + "00000005" + "3078323100", written(out -> out.bitString("f", bits)));
    assertEquals("fffffffe", written(out -> out.bitString("f", null)));
    assertEquals(bits, reader("00000006000000053078323100").bitString("f"));
    assertNull(reader("fffffffe").bitString("f"));
    assertThrows(WireException.class, () -> reader("03ffffff0000000430783100").bitString("f"));
    assertThrows(WireException.class, () -> reader("00000002000000043078340000").bitString("f"));
    assertThrows(WireException.class, () -> reader("00000002000000047a78340000").bitString("f"));
  }

  @Test
  void countsAreHeldAgainstTheBytesPresent() {
    assertThrows(WireException.class, () -> reader("0000000300000000").count32("f", 100, 4));
    assertEquals(1, reader("0000000100000000").count32("f", 100, 4));
    assertThrows(WireException.class, () -> reader("000000010000").count32("f", 0, 1));
    assertEquals(-1, reader("fffffffe").countOrNull("f", 100, 4));
    assertThrows(WireException.class, () -> reader("ffffffff").countOrNull("f", 1 << 30, 0));
  }

  @Test
  void aPartCannotBeLeftOrOverrun() {
    WireReader in = reader("000000020102" + "03");
    int mark = in.enter("part", 100);
    assertEquals(2, in.remaining());
    assertThrows(WireException.class, () -> in.u32("f"));
    assertThrows(WireException.class, () -> in.leave("part", mark));
    in.u16("f");
    in.leave("part", mark);
    assertEquals(3, in.u8("f"));
    in.expectEnd("whole");
  }

  @Test
  void theHeapBudgetEnds() {
    WireReader in = reader("00");
    in.charge("f", WireLimits.BASE_HEAP_BYTES);
    WireException error =
        assertThrows(
            WireException.class, () -> in.charge("f", WireLimits.HEAP_BYTES_PER_WIRE_BYTE + 1));
    assertTrue(error.getMessage().contains("memory"));
  }

  @Test
  void sentinelsChangeWidth() {
    assertEquals(NoVal.NO_VAL, reader("fffe").sentinel16("f", NoVal.NO_VAL));
    assertEquals(NoVal.INFINITE64, reader("ffffffff").sentinel32("f", NoVal.NO_VAL64));
    assertEquals(7, reader("07").sentinel8("f", NoVal.NO_VAL));
    WireWriter out = new WireWriter(Unpooled.buffer());
    assertEquals(0xffff, out.narrowed(NoVal.INFINITE, NoVal.NO_VAL, NoVal.NO_VAL16));
    assertEquals(8, out.narrowed(8, NoVal.NO_VAL, NoVal.NO_VAL16));
  }
}

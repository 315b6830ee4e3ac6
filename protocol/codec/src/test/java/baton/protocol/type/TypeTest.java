package baton.protocol.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TypeTest {

  @Test
  void releasesAreKnownByTheirNumber() {
    assertEquals(Optional.of(Release.V22_05), Release.of(0x2600));
    assertEquals(Optional.of(Release.V26_05), Release.of(0x2d00));
    for (int unknown : new int[] {0, 0x2500, 0x2e00, 0x2601, -1, 0x12600, Integer.MIN_VALUE}) {
      assertEquals(Optional.empty(), Release.of(unknown));
    }
    assertTrue(Release.V23_11.atLeast(Release.V23_02));
    assertFalse(Release.V23_02.atLeast(Release.V23_11));
    assertEquals("24.05", Release.V24_05.label());
    assertEquals(Optional.of(Release.V24_05), Release.ofLabel("24.05"));
  }

  @Test
  void idsFitTheirWire() {
    assertEquals(JobId.of(7), new JobId(7));
    assertThrows(IllegalArgumentException.class, () -> JobId.of(-1));
    assertThrows(IllegalArgumentException.class, () -> Uid.of(1L << 32));
    assertThrows(IllegalArgumentException.class, () -> MemoryMiB.of(-1));
  }

  @Property
  void masksSurvive(
      @ForAll @IntRange(max = 300) int size, @ForAll Set<@IntRange(max = 299) Integer> some) {
    BitSet set = new BitSet();
    some.stream().filter(bit -> bit < size).forEach(set::set);
    BitString bits = BitString.of(size, set);
    assertEquals(bits, BitString.parseHex(size, bits.toHex()));
    assertEquals(set, bits.toBitSet());
    assertEquals(set.cardinality(), bits.cardinality());
    assertEquals(2 + Math.max(1, (size + 3) / 4), bits.toHex().length());
  }

  @Test
  void valuesAreCompared() {
    assertEquals(Ints.of(1, 2), Ints.of(1, 2));
    assertNotEquals(Longs.of(1, 2), Longs.of(2, 1));
    assertEquals(Bytes.ofHex("00ff"), Bytes.of((byte) 0, (byte) -1));
    assertEquals("0xA1", BitString.ofIndices(8, 7, 5, 0).toHex());
    assertThrows(IllegalArgumentException.class, () -> BitString.ofIndices(3, 3));
  }
}

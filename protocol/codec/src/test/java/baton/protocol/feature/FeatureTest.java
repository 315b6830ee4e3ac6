package baton.protocol.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.buffer.WireException;
import baton.protocol.buffer.WireReader;
import baton.protocol.buffer.WireWriter;
import baton.protocol.feature.wire.FeatureCodec;
import baton.protocol.feature.wire.Samples;
import baton.protocol.type.BitString;
import baton.protocol.type.Bytes;
import baton.protocol.type.Ints;
import baton.protocol.type.JobId;
import baton.protocol.type.Longs;
import baton.protocol.type.MemoryMiB;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What the generator makes of src/test/schema, which uses every part of the schema language. The
 * bytes are worked out by hand.
 */
class FeatureTest {

  private static String written(FeatureType type, Object body, Release release) {
    ByteBuf out = Unpooled.buffer();
    FeatureCodec.encodeBody(type, body, new WireWriter(out), release);
    return ByteBufUtil.hexDump(out);
  }

  private static Object read(FeatureType type, String hex, Release release) {
    WireReader in = new WireReader(Unpooled.wrappedBuffer(Bytes.ofHex(hex).asByteBuffer()));
    Object body = FeatureCodec.decodeBody(type, in, release);
    in.expectEnd(type.name());
    return body;
  }

  private static void both(FeatureType type, Object body, Release release, String... hex) {
    String whole = String.join("", hex);
    assertEquals(whole, written(type, body, release));
    assertEquals(body, read(type, whole, release));
    assertEquals(body.hashCode(), read(type, whole, release).hashCode());
    assertEquals(body.toString(), read(type, whole, release).toString());
  }

  @Test
  void scalars() {
    Scalars body =
        Scalars.builder()
            .byteValue(0xab)
            .shortValue(0x1234)
            .longValue(-2)
            .signedLong(-3)
            .when(5)
            .small(0.25)
            .decimalText("1.5")
            .block(Bytes.ofHex("00ff"))
            .bits(BitString.ofIndices(5, 4))
            .build();
    both(
        FeatureType.SCALARS,
        body,
        Release.V22_05,
        "ab" + "1234" + "fffffffe" + "fffffffffffffffe" + "ffffffff" + "fffffffffffffffd" + "01",
        "0000000000000005",
        "411e848000000000", // 500000.0
        "48742400", // 250000.0f
        "00000004" + "312e3500",
        "00000005" + "6e6f6e6500",
        "00000002" + "00ff",
        "00000005" + "00000005" + "3078313000");
    assertNotEquals(body, Scalars.DEFAULT);
    assertEquals(body, body.toBuilder().build());
    assertNotEquals(body, body.toBuilder().truth(false).build());
  }

  @Test
  void aStringLongerThanItsBoundIsRefusedBothWays() {
    Scalars body = Scalars.builder().text("12345678").build();
    WireException error =
        assertThrows(WireException.class, () -> written(FeatureType.SCALARS, body, Release.V22_05));
    assertEquals("Scalars", error.layout());
    assertEquals("text", error.field());
  }

  @Test
  void aPropertyMovesAndWidens() {
    Moving body = Moving.builder().count(NoVal.INFINITE).flags(1).build();
    both(FeatureType.MOVING, body, Release.V23_02, "ffff" + "01" + "07");
    both(FeatureType.MOVING, body, Release.V23_11, "ffff" + "00000001");
    both(FeatureType.MOVING, body, Release.V24_05, "00000001" + "07" + "ffffffff");
    both(FeatureType.MOVING, body, Release.V26_05, "00000001" + "ffffffff" + "00000000");
    assertEquals(NoVal.NO_VAL, Moving.DEFAULT.count());
  }

  @Test
  void whatDoesNotFitOrMustNotBeLostIsRefused() {
    Moving large = Moving.builder().count(0x10000).build();
    assertThrows(WireException.class, () -> written(FeatureType.MOVING, large, Release.V23_11));
    Moving precious = Moving.builder().precious("x").build();
    WireException error =
        assertThrows(
            WireException.class, () -> written(FeatureType.MOVING, precious, Release.V24_11));
    assertEquals("precious", error.field());
    both(FeatureType.MOVING, precious, Release.V25_05, "00000000" + "fffffffe" + "000000027800");
  }

  @Test
  void aLayoutIsRefusedWhereItDoesNotStand() {
    WireReader in = new WireReader(Unpooled.EMPTY_BUFFER);
    assertThrows(
        WireException.class,
        () -> baton.protocol.feature.wire.MovingCodec.decode(in, Release.V22_05));
  }

  @Test
  void conditions() {
    Conditional one = Conditional.builder().kind(1).value(5).same(3).build();
    both(FeatureType.CONDITIONAL, one, Release.V22_05, "0001" + "00000000" + "05" + "03");
    Conditional two = Conditional.builder().kind(2).value(5).name("").tail(3).build();
    both(FeatureType.CONDITIONAL, two, Release.V22_05, "0002" + "0000000100" + "00000005" + "03");
    Conditional four = Conditional.builder().kind(4).masked(8).same(1).build();
    both(FeatureType.CONDITIONAL, four, Release.V22_05, "0004" + "00000000" + "08" + "01");
    Conditional twenty = Conditional.builder().kind(0x14).same(1).build();
    both(FeatureType.CONDITIONAL, twenty, Release.V22_05, "0014" + "00000000" + "01");
    Conditional none = Conditional.builder().kind(0xfffe).masked(2).same(1).build();
    both(FeatureType.CONDITIONAL, none, Release.V22_05, "fffe" + "00000000" + "02" + "01");
  }

  @Test
  void repetition() {
    Repeated body =
        Repeated.builder()
            .bytes(Ints.of(1, 2))
            .shorts(Ints.of(3))
            .longs(Longs.of(4))
            .rows(2)
            .columns(1)
            .cells(Ints.of(5, 6, 7))
            .hidden(BitString.ofIndices(2, 1))
            .shown(List.of("a"))
            .holes(Arrays.asList(null, "b"))
            .matrix(List.of(Longs.of(8), Longs.EMPTY))
            .truths(List.of(true, false))
            .decimals(List.of(0.5))
            .places(List.of(Place.builder().host("h").port(9).build()))
            .build();
    both(
        FeatureType.REPEATED,
        body,
        Release.V22_05,
        "00000002" + "0102",
        "0001" + "0003",
        "00000001" + "0000000000000004",
        "02" + "01" + "050607",
        "00000002" + "00000004" + "30783200",
        "00000002" + "6100",
        "00000002" + "00000000" + "00000002" + "6200",
        "00000002" + "00000001" + "00000008" + "00000000",
        "00000002" + "0100",
        "00000001" + "411e848000000000",
        "00000001" + "00000002" + "6800" + "0009");
  }

  @Test
  void absentListsAndWrongCounts() {
    assertNull(Repeated.DEFAULT.longs());
    Repeated short1 = Repeated.builder().rows(3).build();
    WireException error =
        assertThrows(
            WireException.class, () -> written(FeatureType.REPEATED, short1, Release.V22_05));
    assertEquals("cells", error.field());
    Repeated empty = Repeated.builder().cells(Ints.of(1)).build();
    String hex = written(FeatureType.REPEATED, empty, Release.V22_05);
    assertTrue(hex.startsWith("00000000" + "0000" + "fffffffe" + "0000" + "01" + "fffffffe"), hex);
    assertEquals(empty, read(FeatureType.REPEATED, hex, Release.V22_05));
    Repeated four =
        empty.toBuilder()
            .matrix(List.of(Longs.EMPTY, Longs.EMPTY, Longs.EMPTY, Longs.EMPTY))
            .build();
    assertThrows(WireException.class, () -> written(FeatureType.REPEATED, four, Release.V22_05));
  }

  @Test
  void layoutsInside() {
    Place place = Place.builder().port(1).build();
    Nested body = Nested.builder().there(place).either(place).build();
    String sized = "00000006" + "00000000" + "0001";
    String plain = "00000000" + "0001";
    both(FeatureType.NESTED, body, Release.V22_05, "00000000" + "0000", sized, plain);
    both(FeatureType.NESTED, body, Release.V24_05, "00000000" + "0000", sized, sized);
    assertNull(Nested.DEFAULT.either());
    assertEquals(Place.DEFAULT, Nested.DEFAULT.here());
    assertEquals(
        "00000000" + "0000" + "00000000" + "00000000" + "0000",
        written(FeatureType.NESTED, Nested.DEFAULT, Release.V22_05));
    WireException error =
        assertThrows(
            WireException.class,
            () ->
                read(
                    FeatureType.NESTED,
                    "00000000" + "0000" + "00000007" + "00000000" + "0001" + "00" + plain,
                    Release.V22_05));
    assertEquals("there", error.field());
  }

  @Test
  void namedClasses() {
    Wrapped body =
        Wrapped.builder()
            .memory(MemoryMiB.of(3))
            .start(Instant.ofEpochSecond(2))
            .others(List.of(JobId.of(6)))
            .release(Shade.LIGHT)
            .build();
    both(
        FeatureType.WRAPPED,
        body,
        Release.V22_05,
        "fffffffe" + "0000000000000003" + "0000000000000002" + "00000001" + "00000006" + "0028");
    WireException shade =
        assertThrows(
            WireException.class,
            () ->
                read(
                    FeatureType.WRAPPED,
                    "00000001" + "0".repeat(16) + "0".repeat(16) + "00000000" + "0029",
                    Release.V22_05));
    assertEquals("release", shade.field());
    assertThrows(
        WireException.class,
        () ->
            read(
                FeatureType.WRAPPED,
                "00000001" + "f".repeat(16) + "0".repeat(16) + "00000000" + "0028",
                Release.V22_05));
    assertThrows(NullPointerException.class, () -> Wrapped.builder().jobId(null));
  }

  @Test
  void marked() {
    Place place = Place.builder().host("a").port(1).build();
    Marked body = Marked.builder().places(List.of(place, Place.DEFAULT)).build();
    String first = "00000002" + "6100" + "0001";
    String second = "00000000" + "0000";
    both(FeatureType.MARKED, body, Release.V22_05, "bbbb", first, "bbbb", second, "0000");
    both(FeatureType.MARKED, body, Release.V24_05, "00000002", first, second);
    both(FeatureType.MARKED, Marked.builder().places(List.of()).build(), Release.V22_05, "0000");
    assertEquals("0000", written(FeatureType.MARKED, Marked.DEFAULT, Release.V22_05));
    WireException other =
        assertThrows(
            WireException.class,
            () -> read(FeatureType.MARKED, "bbba" + first + "0000", Release.V22_05));
    assertEquals("places", other.field());
  }

  @Test
  void theTable() {
    assertEquals(Optional.of(FeatureType.REUSED), FeatureType.of(2, Release.V22_05));
    assertEquals(Optional.of(FeatureType.MOVING), FeatureType.of(2, Release.V23_02));
    assertEquals(Optional.empty(), FeatureType.of(10, Release.V23_02));
    assertEquals(2, FeatureType.MOVING.number(Release.V23_02));
    assertThrows(IllegalArgumentException.class, () -> FeatureType.MOVING.number(Release.V22_05));
    assertEquals(Set.of(FeatureType.EMPTY), FeatureType.SCALARS.replies());
    assertEquals(FeatureType.Privilege.SLURM, FeatureType.MOVING.privilege());
    assertEquals(FeatureType.Party.CTLD, FeatureType.SCALARS.to());
    assertEquals(Place.DEFAULT, read(FeatureType.CHANGING, "00000000" + "0000", Release.V23_11));
    assertNull(read(FeatureType.CHANGING, "", Release.V26_05));
    assertNull(read(FeatureType.EMPTY, "", Release.V22_05));
  }

  @Test
  void samplesSurviveInEveryRelease() {
    for (Release release : Release.values()) {
      for (FeatureType type : FeatureType.values()) {
        for (long seed = 0; seed < 200 && type.isSpoken(release); seed++) {
          Object body = Samples.body(type, seed, release);
          assertEquals(body, Samples.body(type, seed, release));
          String hex = written(type, body, release);
          assertEquals(body, read(type, hex, release), type + " in " + release);
        }
      }
    }
  }

  @Test
  void noDecoderReadsAFileThatEndsTooEarly() {
    for (FeatureType type : FeatureType.values()) {
      for (long seed = 0; seed < 50; seed++) {
        Object body = Samples.body(type, seed, Release.V23_11);
        String hex = type.isSpoken(Release.V23_11) ? written(type, body, Release.V23_11) : "";
        for (int end = 0; end < hex.length(); end += 2) {
          String cut = hex.substring(0, end);
          assertThrows(WireException.class, () -> read(type, cut, Release.V23_11));
        }
      }
    }
  }
}

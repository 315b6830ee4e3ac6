package baton.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.buffer.WireException;
import baton.protocol.buffer.WireReader;
import baton.protocol.buffer.WireWriter;
import baton.protocol.message.MessageType;
import baton.protocol.type.Release;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Invariant I7: every recorded body decodes, to its end, and encodes to the same bytes. */
class GoldenTest {

  @Test
  void everyGoldenComesOutAsItWentIn() {
    List<String> faults = new ArrayList<>();
    for (Golden golden : Golden.all()) {
      String fault = fault(golden);
      if (fault != null) {
        faults.add(golden.place() + ": " + fault);
      }
    }
    assertTrue(faults.isEmpty(), () -> faults.size() + " faults\n" + String.join("\n", faults));
  }

  /** Prints how much of each release is covered; no release may be without evidence. */
  @Test
  void everyReleaseHasGoldens() {
    Map<Release, Set<MessageType>> covered = new EnumMap<>(Release.class);
    Map<Release, Integer> files = new EnumMap<>(Release.class);
    for (Golden golden : Golden.all()) {
      covered
          .computeIfAbsent(golden.release(), k -> EnumSet.noneOf(MessageType.class))
          .add(golden.type());
      files.merge(golden.release(), 1, Integer::sum);
    }
    for (Release release : Release.values()) {
      long spoken =
          EnumSet.allOf(MessageType.class).stream().filter(t -> t.isSpoken(release)).count();
      int types = covered.getOrDefault(release, Set.of()).size();
      System.out.printf(
          "goldens %s: %d bodies, %d of %d message types%n",
          release.label(), files.getOrDefault(release, 0), types, spoken);
      assertTrue(types > 0, () -> "no goldens of " + release.label());
    }
  }

  private static String fault(Golden golden) {
    ByteBuf bytes = Unpooled.wrappedBuffer(golden.body().asByteBuffer());
    try {
      Object body = MessageCodec.decodeBody(golden.type(), new WireReader(bytes), golden.release());
      if (bytes.isReadable()) {
        return bytes.readableBytes() + " of " + golden.body().length() + " bytes are left";
      }
      ByteBuf again = Unpooled.buffer();
      MessageCodec.encodeBody(golden.type(), body, new WireWriter(again), golden.release());
      byte[] written = ByteBufUtil.getBytes(again);
      int same = Arrays.mismatch(golden.body().toByteArray(), written);
      return same < 0 ? null : "written otherwise from byte " + same + " on";
    } catch (WireException e) {
      return e.getMessage();
    }
  }
}

package baton.protocol.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.type.Bytes;
import baton.protocol.type.Release;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every recorded body decodes, and encodes to the bytes that Slurm sent (I7). */
class GoldenTest {

  @ParameterizedTest
  @EnumSource(Release.class)
  void everyBodyComesOutAsItCameIn(Release release) {
    List<Golden> goldens = Golden.of(release);
    assertFalse(goldens.isEmpty(), "no goldens of " + release);
    List<String> faults =
        goldens.stream().map(Golden::fault).flatMap(Optional::stream).sorted().toList();
    assertEquals(
        0,
        faults.size(),
        () -> faults.size() + " of " + goldens.size() + ":\n" + String.join("\n", faults) + "\n");
  }

  @Test
  void aBodyThatIsNotAsDescribedIsReported() {
    for (Golden golden : Golden.of(Release.V24_11)) {
      byte[] longer = Arrays.copyOf(golden.body().toByteArray(), golden.body().length() + 1);
      Golden altered =
          new Golden(
              golden.name(),
              golden.release(),
              golden.type(),
              golden.number(),
              Bytes.owning(longer));
      assertTrue(altered.fault().isPresent(), golden.name());
    }
  }

  @Test
  void theShareOfMessagesWithGoldensIsKnown() {
    System.out.println(Coverage.ofGoldens().summary());
  }
}

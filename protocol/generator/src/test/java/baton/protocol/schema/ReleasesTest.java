package baton.protocol.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReleasesTest {

  private final Releases releases = new Releases(List.of("22.05", "23.02", "23.11", "24.05"));

  @Test
  void rangesOfAllForms() {
    assertEquals(0b1111, releases.parse("22.05+").mask());
    assertEquals(0b0110, releases.parse("23.02-23.11").mask());
    assertEquals(0b1000, releases.parse("24.05").mask());
    assertEquals(0b1001, releases.parse("22.05, 24.05+").mask());
    assertEquals(releases.all(), releases.parse("22.05-24.05"));
    assertEquals("22.05,24.05+", releases.describe(new ReleaseSet(0b1001)));
    assertEquals("23.02-23.11", releases.describe(new ReleaseSet(0b0110)));
    assertEquals("V23_02", releases.constant(1));
  }

  @Test
  void whatIsNoRange() {
    for (String text : List.of("", "22", "24.05-23.02", "22.05+,23.02", "22.05,", "22.05 23.02")) {
      assertThrows(IllegalArgumentException.class, () -> releases.parse(text), text);
    }
  }
}

package baton.controller.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcceptedDifferencesTest {
  @TempDir Path directory;

  @Test
  void coversADifferenceWhoseLinesAreAllListed() throws IOException {
    AcceptedDifferences accepted = read("| all | `alice sinfo*` | `^up\\|down$` | it is so |");
    assertTrue(accepted.covers(difference("alice sinfo -l", "up", "down")));
    assertEquals(List.of(), accepted.unused());
  }

  @Test
  void doesNotCoverALineBesideTheListedOnes() throws IOException {
    AcceptedDifferences accepted = read("| all | `alice sinfo` | `up` | it is so |");
    assertFalse(accepted.covers(difference("alice sinfo", "up", "down")));
  }

  @Test
  void doesNotCoverAnotherCommand() throws IOException {
    AcceptedDifferences accepted = read("| all | `alice sinfo` | `.` | it is so |");
    assertFalse(accepted.covers(difference("alice sinfo -l", "up", "down")));
    assertEquals(1, accepted.unused().size());
  }

  @Test
  void aRaceInsideSlurmctldNeedNotShow() throws IOException {
    AcceptedDifferences accepted =
        read("| all | `alice sinfo` | `up` | now and then: it is quicker |");
    assertEquals(List.of(), accepted.unused());
    assertTrue(accepted.covers(difference("alice sinfo", "up", "up")));
  }

  @Test
  void refusesARowWithoutReasonOrWithABadPattern() {
    assertThrows(IOException.class, () -> read("| all | `alice sinfo` | `up` |  |"));
    assertThrows(IOException.class, () -> read("| all | `alice sinfo` | `(` | it is so |"));
  }

  @Test
  void leavesOutRowsOfOtherReleases() throws IOException {
    AcceptedDifferences accepted = read("| 24.11 26.05 | `alice sinfo` | `.` | it is so |");
    assertFalse(accepted.covers(difference("alice sinfo", "up", "down")));
    assertEquals(List.of(), accepted.unused());
  }

  private AcceptedDifferences read(String row) throws IOException {
    Path file = directory.resolve("differences.md");
    Files.writeString(
        file, "| releases | command | line | reason |\n|---|---|---|---|\n" + row + "\n");
    return AcceptedDifferences.read(file, "22.05");
  }

  private static Difference difference(String command, String expected, String actual) {
    return Difference.between(
        new Played("001", command, List.of("same", expected)),
        new Played("001", command, List.of("same", actual)));
  }
}

package baton.controller.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.fault.RecordingFaultHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SnapshotStoreTest {

  private static final LogPosition FIRST = new LogPosition(1, 10);
  private static final LogPosition SECOND = new LogPosition(1, 20);
  private static final LogPosition THIRD = new LogPosition(2, 21);

  @TempDir Path directory;
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private SnapshotStore store;

  @BeforeEach
  void open() throws IOException {
    store = new SnapshotStore(directory, faults);
  }

  @Test
  void readsBackWhatWasWritten() throws IOException {
    byte[] large = new byte[300_001];
    new Random(7).nextBytes(large);
    store.write(
        SECOND,
        List.of(
            new SnapshotFile.Section("empty", out -> {}),
            new SnapshotFile.Section("large", out -> out.write(large)),
            new SnapshotFile.Section("bytewise", out -> out.write(5))));
    SnapshotFile file = store.openNewest().orElseThrow();
    assertEquals(SECOND, file.position());
    assertArrayEquals(large, read(file, "large"));
    assertArrayEquals(new byte[0], read(file, "empty"));
    assertArrayEquals(new byte[] {5}, read(file, "bytewise"));
    assertThrows(SnapshotDamagedException.class, () -> file.section("other"));
    faults.assertNone();
  }

  /** The bytes of format version 1; a change of the format keeps reading these. */
  @Test
  void formatVersionOneIsFixed() throws IOException {
    SnapshotFile file = write(new LogPosition(3, 258), "ab");
    String content =
        "4241544f4e534e50"
            + "00000001"
            + "0000000000000003"
            + "0000000000000102"
            + "04"
            + "64617461"
            + "00000002"
            + "6162"
            + "00000000"
            + "00";
    byte[] head = HexFormat.of().parseHex(content);
    assertEquals(
        content + Digests.sha256Hex(head),
        HexFormat.of().formatHex(Files.readAllBytes(file.path())));
  }

  @Test
  void everyDamagedByteIsFound() throws IOException {
    SnapshotFile file = write(FIRST, "the state");
    byte[] whole = Files.readAllBytes(file.path());
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x10;
      Files.write(file.path(), damaged);
      assertThrows(SnapshotDamagedException.class, () -> SnapshotFile.open(file.path()));
    }
    for (int length = 0; length < whole.length; length++) {
      Files.write(file.path(), java.util.Arrays.copyOf(whole, length));
      assertThrows(SnapshotDamagedException.class, () -> SnapshotFile.open(file.path()));
    }
  }

  @Test
  void fallsBackToAnOlderOneAndSaysSo() throws IOException {
    write(FIRST, "first");
    write(SECOND, "second");
    SnapshotFile third = write(THIRD, "third");
    damage(third.path());
    SnapshotFile loaded = store.openNewest().orElseThrow();
    assertEquals(SECOND, loaded.position());
    assertEquals("second", new String(read(loaded, "data"), StandardCharsets.UTF_8));
    assertEquals(1, faults.reportedFaults().size());
    assertTrue(Files.exists(directory.resolve("snapshot-2-21.damaged")));
    assertEquals(List.of(SECOND, FIRST), store.positions());
  }

  @Test
  void neverStartsEmptyWhenEverySnapshotIsDamaged() throws IOException {
    damage(write(FIRST, "first").path());
    assertThrows(IOException.class, store::openNewest);
    assertThrows(IOException.class, store::openNewest, "and not the second time either");
    assertEquals(
        Optional.empty(), new SnapshotStore(directory.resolve("new"), faults).openNewest());
  }

  @Test
  void keepsTheNewest() throws IOException {
    write(SECOND, "second");
    write(THIRD, "third");
    write(FIRST, "first");
    store.keepNewest(2);
    assertEquals(List.of(THIRD, SECOND), store.positions());
    store.keepNewest(0);
    assertEquals(List.of(THIRD), store.positions());
  }

  @Test
  void aFailedWriteLeavesNothing() throws IOException {
    write(FIRST, "first");
    assertThrows(
        IOException.class,
        () ->
            store.write(
                SECOND,
                List.of(
                    new SnapshotFile.Section(
                        "data",
                        out -> {
                          out.write(new byte[100_000]);
                          throw new IOException("for the test");
                        }))));
    assertEquals(List.of(FIRST), store.positions());
    try (var files = Files.list(directory)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void unfinishedFilesAreRemovedAtStart() throws IOException {
    Path unfinished = directory.resolve("snapshot-1-30.tmp");
    Files.write(unfinished, new byte[10]);
    assertEquals(Optional.empty(), new SnapshotStore(directory, faults).openNewest());
    assertFalse(Files.exists(unfinished));
  }

  private SnapshotFile write(LogPosition position, String content) throws IOException {
    return store.write(
        position,
        List.of(
            new SnapshotFile.Section(
                "data", out -> out.write(content.getBytes(StandardCharsets.UTF_8)))));
  }

  private static byte[] read(SnapshotFile file, String section) throws IOException {
    try (InputStream in = file.section(section)) {
      return in.readAllBytes();
    }
  }

  private static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }
}

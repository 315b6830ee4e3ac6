package baton.controller.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.fault.RecordingFaultHandler;
import baton.controller.model.BlobId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlobStoreTest {

  private static final byte[] SCRIPT = "#!/bin/sh\nhostname\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER = "#!/bin/sh\ntrue\n".getBytes(StandardCharsets.UTF_8);
  private static final BlobId SCRIPT_ID = BlobStore.idOf(SCRIPT);
  private static final BlobId OTHER_ID = BlobStore.idOf(OTHER);

  @TempDir Path directory;
  private final RecordingFaultHandler faults = new RecordingFaultHandler();

  @Test
  void namesAreSha256() {
    assertEquals(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        BlobStore.idOf(new byte[0]).value());
  }

  @Test
  void readsBackBeforeAndAfterItIsInAFile() throws IOException {
    byte[] large = new byte[3_000_000];
    new Random(3).nextBytes(large);
    try (BlobStore store = open(Set.of())) {
      store.put(SCRIPT_ID, SCRIPT, 1);
      store.put(BlobStore.idOf(large), large, 2);
      store.put(BlobStore.idOf(new byte[0]), new byte[0], 3);
      assertArrayEquals(SCRIPT, store.get(SCRIPT_ID).orElseThrow());
      store.force();
      assertEquals(0, store.pending());
      assertArrayEquals(SCRIPT, store.get(SCRIPT_ID).orElseThrow());
      assertArrayEquals(large, store.get(BlobStore.idOf(large)).orElseThrow());
      assertArrayEquals(new byte[0], store.get(BlobStore.idOf(new byte[0])).orElseThrow());
      assertEquals(Optional.empty(), store.get(OTHER_ID));
    }
    faults.assertNone();
  }

  @Test
  void aStartKeepsWhatSnapshotsNameAndDropsTheRest() throws IOException {
    try (BlobStore store = open(Set.of())) {
      store.put(SCRIPT_ID, SCRIPT, 1);
      store.put(OTHER_ID, OTHER, 2);
      store.force();
    }
    Files.write(directory.resolve(OTHER_ID + ".tmp"), OTHER);
    try (BlobStore store = open(Set.of(SCRIPT_ID))) {
      assertTrue(store.get(SCRIPT_ID).isPresent());
      assertEquals(Optional.empty(), store.get(OTHER_ID));
    }
    assertFalse(Files.exists(directory.resolve(OTHER_ID + ".tmp")));
  }

  @Test
  void collectsOnlyWhatNobodyNeeds() throws IOException {
    try (BlobStore store = open(Set.of())) {
      store.put(SCRIPT_ID, SCRIPT, 5);
      store.put(OTHER_ID, OTHER, 6);
      store.force();
      assertEquals(0, store.collect(id -> false, 4), "put by entries that the state has not seen");
      assertEquals(1, store.collect(SCRIPT_ID::equals, 6));
      assertTrue(store.get(SCRIPT_ID).isPresent());
      assertEquals(Optional.empty(), store.get(OTHER_ID));
      store.put(SCRIPT_ID, SCRIPT, 7);
      assertEquals(0, store.collect(id -> false, 6), "put again by a later entry");
      assertEquals(1, store.collect(id -> false, 7));
    }
    faults.assertNone();
  }

  @Test
  void damagedFilesAreNotBelieved() throws IOException {
    try (BlobStore store = open(Set.of())) {
      store.put(SCRIPT_ID, SCRIPT, 1);
      store.force();
      byte[] whole = Files.readAllBytes(store.pathOf(SCRIPT_ID));
      for (int i = 0; i < whole.length; i++) {
        byte[] damaged = whole.clone();
        damaged[i] ^= 0x55;
        Files.write(store.pathOf(SCRIPT_ID), damaged);
        assertDamagedOrEqual(store);
        Files.write(store.pathOf(SCRIPT_ID), java.util.Arrays.copyOf(whole, i));
        assertDamagedOrEqual(store);
      }
    }
  }

  /** The last bytes are zlib's own checksum, which may be missing without changing the content. */
  private static void assertDamagedOrEqual(BlobStore store) throws IOException {
    try {
      assertArrayEquals(SCRIPT, store.get(SCRIPT_ID).orElseThrow());
    } catch (SnapshotDamagedException expected) {
      assertTrue(expected.getMessage().contains(SCRIPT_ID.value()));
    }
  }

  @Test
  void refusesNamesThatAreNotDigestsAndContentThatIsTooLong() throws IOException {
    try (BlobStore store = open(Set.of())) {
      assertThrows(IllegalArgumentException.class, () -> store.get(BlobId.of("../../etc/passwd")));
      assertThrows(
          IllegalArgumentException.class,
          () -> store.put(SCRIPT_ID, new byte[BlobStore.Limits.DEFAULT.maxBlobBytes() + 1], 1));
    }
  }

  @Test
  void aFullDiskIsReportedAndLosesNothing() throws IOException {
    try (BlobStore store = open(Set.of())) {
      Path obstacle = directory.resolve(SCRIPT_ID + ".tmp");
      Files.createDirectory(obstacle);
      store.put(SCRIPT_ID, SCRIPT, 1);
      assertThrows(IOException.class, store::force);
      assertArrayEquals(SCRIPT, store.get(SCRIPT_ID).orElseThrow());
      assertEquals(1, faults.reportedFaults().size());
      Files.delete(obstacle);
      forceUntilItWorks(store);
      assertArrayEquals(SCRIPT, store.get(SCRIPT_ID).orElseThrow());
      assertEquals(0, store.pending());
    }
  }

  private static void forceUntilItWorks(BlobStore store) {
    for (int attempt = 0; attempt < 100; attempt++) {
      try {
        store.force();
        return;
      } catch (IOException e) {
        sleep(100);
      }
    }
    throw new AssertionError("the store did not recover");
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private BlobStore open(Set<BlobId> survivors) throws IOException {
    return new BlobStore(directory, BlobStore.Limits.DEFAULT, survivors::contains, faults);
  }
}

package baton.controller.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.fault.RecordingFaultHandler;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a machine that lost power can leave at the end of the log, made by hand. */
final class StoredLogTest {

  private static final int LINES = 20;
  private static final int PREALLOCATED_BYTES = 4 << 20;

  @TempDir Path directory;
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private byte[] segment;

  /** Leaves a log of 20 lines as a process does that is killed: open, with zeros at its end. */
  @BeforeEach
  void writeLog() throws Exception {
    Path whole = directory.resolve("whole");
    try (Replicator<Notebook.Page, Long, String> replicator = start(whole)) {
      for (int i = 0; i < LINES; i++) {
        replicator
            .submit(Notebook.append("line " + i))
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
      }
      copy(whole, directory.resolve("crashed"));
    }
    segment = Files.readAllBytes(openSegment(directory.resolve("crashed")));
    assertTrue(segment.length >= PREALLOCATED_BYTES, segment.length + " bytes");
  }

  @Test
  void zerosAtTheEndAreNoDamage() throws Exception {
    assertEquals(LINES, linesAfterStart(segment));
    faults.assertNone();
  }

  @Test
  void aTornLastEntryIsCutAndSaidSo() throws Exception {
    int written = written(segment);
    for (int missing : new int[] {1, 5, 20}) {
      byte[] torn = segment.clone();
      Arrays.fill(torn, written - missing, written, (byte) 0);
      assertEquals(LINES - 1, linesAfterStart(torn));
    }
    assertEquals(3, faults.reportedFaults().size());
    assertEquals(List.of(), faults.fatalFaults());
  }

  @Test
  void aTornEntryWhoseBeginningIsMissingIsCut() throws Exception {
    int written = written(segment);
    byte[] torn = segment.clone();
    Arrays.fill(torn, written - 30, written - 20, (byte) 0);
    assertEquals(LINES - 1, linesAfterStart(torn));
    assertEquals(1, faults.reportedFaults().size());
  }

  @Test
  void aFileThatEndsInsideAnEntryIsCut() throws Exception {
    assertEquals(LINES - 1, linesAfterStart(Arrays.copyOf(segment, written(segment) - 3)));
  }

  @Test
  void garbageAfterTheLastEntryIsCut() throws Exception {
    int written = written(segment);
    byte[] garbage = new byte[500];
    new Random(11).nextBytes(garbage);
    byte[] torn = segment.clone();
    System.arraycopy(garbage, 0, torn, written, garbage.length);
    assertEquals(LINES, linesAfterStart(torn));
    byte[] tornLater = segment.clone();
    System.arraycopy(garbage, 0, tornLater, written + 4096, garbage.length);
    assertEquals(LINES, linesAfterStart(tornLater));
  }

  /** Entries stand after the damage, so it was acknowledged: going on would lose jobs. */
  @Test
  void damageInTheMiddleStopsTheStart() throws IOException {
    for (int at = 3; at < written(segment) - 60; at += 61) {
      byte[] damaged = segment.clone();
      damaged[at] ^= 1;
      DamagedDataException damage =
          assertThrows(DamagedDataException.class, () -> linesAfterStart(damaged));
      assertTrue(damage.getMessage().contains("log_inprogress_0 at byte "), damage.getMessage());
    }
  }

  /** It looks like a log that was never longer; but the mark beside it knows. */
  @Test
  void aLogThatWasCutShortStopsTheStart() throws Exception {
    int written = written(segment);
    for (int length : new int[] {written - 1, written - 30, written / 2, 8, 1}) {
      Path state = withSegment(Arrays.copyOf(segment, length));
      DamagedDataException damage =
          assertThrows(DamagedDataException.class, () -> start(state).close());
      assertTrue(damage.getMessage().contains(" was on disk"), damage.getMessage());
    }
    Path state = withSegment(segment);
    Files.delete(openSegment(state));
    assertThrows(DamagedDataException.class, () -> start(state).close());
  }

  @Test
  void aMarkThatCannotBeReadTellsNothing() throws Exception {
    Path state = withSegment(segment);
    Path mark = openSegment(state).getParent().resolveSibling(LogMark.FILE);
    byte[] damaged = Files.readAllBytes(mark);
    damaged[20] ^= 1;
    Files.write(mark, damaged);
    start(state).close();
    faults.assertNone();
  }

  @Test
  void aTermThatIsOlderThanTheLogStopsTheStart() throws Exception {
    Path state = withSegment(segment);
    Path meta = openSegment(state).resolveSibling(StoredMetadata.TERM_FILE);
    String sound = Files.readString(meta);
    for (String damaged :
        List.of("", "term=0\nvotedFor=0\n", "tern=1\nvotedFor=0\n", "term=x\nvotedFor=0\n")) {
      Files.writeString(meta, damaged);
      assertThrows(DamagedDataException.class, () -> start(state).close(), damaged);
    }
    Files.writeString(meta, sound);
    start(state).close();
  }

  @Test
  void snapshotsWithoutTheirLogStopTheStart() throws Exception {
    Path lost = directory.resolve("lost");
    copy(directory.resolve("crashed"), lost);
    Path current = openSegment(lost).getParent();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(current)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.write(current.resolveSibling("sm").resolve("snapshot-1-5"), new byte[10]);
    assertThrows(IOException.class, () -> start(lost).close());
    assertTrue(Files.exists(current.resolveSibling("sm").resolve("snapshot-1-5")));
  }

  private Path withSegment(byte[] content) throws IOException {
    Path state = directory.resolve("damaged-" + System.nanoTime());
    copy(directory.resolve("crashed"), state);
    Files.write(openSegment(state), content);
    return state;
  }

  /** What is torn was never acknowledged, so no mark knows of it. */
  private int linesAfterStart(byte[] content) throws Exception {
    Path state = withSegment(content);
    Files.deleteIfExists(openSegment(state).getParent().resolveSibling(LogMark.FILE));
    try (Replicator<Notebook.Page, Long, String> replicator = start(state)) {
      int lines = replicator.state().lines().size();
      for (int i = 0; i < lines; i++) {
        assertEquals("line " + i, replicator.state().lines().require((long) i));
      }
      replicator.submit(Notebook.append("next")).toCompletableFuture().get(30, TimeUnit.SECONDS);
      assertEquals(lines + 1, replicator.state().lines().size());
      return lines;
    }
  }

  private static int written(byte[] bytes) {
    int written = bytes.length;
    while (bytes[written - 1] == 0) {
      written--;
    }
    return written;
  }

  private Replicator<Notebook.Page, Long, String> start(Path state) throws Exception {
    Replicator<Notebook.Page, Long, String> replicator =
        Replicator.start(ReplicationSettings.alone(state, "test"), new Notebook(), faults);
    assertTrue(replicator.awaitLeading(Duration.ofSeconds(30)));
    return replicator;
  }

  private static Path openSegment(Path state) throws IOException {
    try (Stream<Path> files = Files.walk(state, FileVisitOption.FOLLOW_LINKS)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("log_inprogress_"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}

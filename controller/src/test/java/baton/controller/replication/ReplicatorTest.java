package baton.controller.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.fault.RecordingFaultHandler;
import baton.controller.replication.Submission.Refusal;
import baton.controller.snapshot.BlobStore;
import baton.controller.snapshot.LogPosition;
import baton.controller.snapshot.StateDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReplicatorTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;
  private final RecordingFaultHandler faults = new RecordingFaultHandler();

  @Test
  void acknowledgedCommandsAreThereAfterARestart() throws Exception {
    StateDigest before;
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings())) {
      assertEquals(0L, append(replicator, "first"));
      assertEquals(1L, append(replicator, "second"));
      assertEquals(List.of("first", "second"), lines(replicator));
      before = replicator.digest();
    }
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings())) {
      assertEquals(List.of("first", "second"), lines(replicator));
      assertEquals(before.sha256(), replicator.digest().sha256());
      assertEquals(2L, append(replicator, "third"));
    }
    faults.assertNone();
  }

  @Test
  void manySubmissionsKeepTheOrderOfTheirSubmitter() throws Exception {
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings())) {
      List<CompletionStage<Submission<Long>>> answers = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        answers.add(replicator.submit(Notebook.append("line " + i)));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertEquals(i, committed(answers.get(i)).reply());
      }
      assertEquals(2000, replicator.state().lines().size());
      assertEquals("line 1999", replicator.state().lines().require(1999L));
      assertEquals(0, replicator.outstanding());
    }
    faults.assertNone();
  }

  @Test
  void whatIsSubmittedTogetherSharesEntriesAndSurvives() throws Exception {
    StateDigest before;
    try (Replicator<Notebook.Page, Long, String> replicator =
        start(settings().withSnapshots(300, 2))) {
      List<CompletionStage<Submission<Long>>> answers = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        answers.add(replicator.submit(Notebook.append("line " + i)));
      }
      Set<LogPosition> entries = new HashSet<>();
      for (CompletionStage<Submission<Long>> answer : answers) {
        entries.add(committed(answer).position());
      }
      assertTrue(entries.size() < 1000, "each command had an entry of its own");
      before = replicator.digest();
    }
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings())) {
      assertEquals(1000, replicator.state().lines().size());
      assertEquals(before.sha256(), replicator.digest().sha256());
    }
    faults.assertNone();
  }

  @Test
  void refusesWhatIsTooMuchAndTooLong() throws Exception {
    try (Replicator<Notebook.Page, Long, String> replicator =
        start(settings().withMaxOutstanding(2))) {
      byte[] tooLong = new byte[settings().maxCommandBytes() + 1];
      assertEquals(Refusal.TOO_LARGE, refusal(replicator.submit(tooLong)));
      List<CompletionStage<Submission<Long>>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        answers.add(replicator.submit(Notebook.append("line " + i)));
      }
      int acknowledged = 0;
      for (CompletionStage<Submission<Long>> answer : answers) {
        Submission<Long> submission = get(answer);
        if (submission instanceof Submission.Refused<Long> refused) {
          assertEquals(Refusal.OVERLOADED, refused.refusal());
        } else {
          acknowledged++;
        }
      }
      assertTrue(acknowledged > 0 && acknowledged < 200, acknowledged + " were acknowledged");
      assertEquals(acknowledged, replicator.state().lines().size());
    }
    faults.assertNone();
  }

  @Test
  void aLongCommandPasses() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4000; i++) {
      text.append("export VARIABLE_").append(i).append("=value\n");
    }
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings())) {
      append(replicator, "short");
      assertInstanceOf(
          Submission.Committed.class, get(replicator.submit(Notebook.appendBlob(text.toString()))));
    }
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings())) {
      byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
      assertEquals(
          text.toString(),
          new String(
              replicator.blob(BlobStore.idOf(content)).orElseThrow(), StandardCharsets.UTF_8));
    }
    faults.assertNone();
  }

  @Test
  void afterCloseNothingIsTaken() throws Exception {
    Replicator<Notebook.Page, Long, String> replicator = start(settings());
    replicator.close();
    replicator.close();
    assertEquals(Refusal.STOPPED, refusal(replicator.submit(Notebook.append("late"))));
    assertFalse(replicator.isLeader());
    faults.assertNone();
  }

  @Test
  void aBrokenInvariantStopsTheReplicaAndIsNotAcknowledged() throws Exception {
    Replicator<Notebook.Page, Long, String> replicator = start(settings());
    append(replicator, "first");
    Submission<Long> broken = get(replicator.submit(Notebook.breakInvariant()));
    assertInstanceOf(Submission.Refused.class, broken);
    assertEquals(Refusal.UNDETERMINED, ((Submission.Refused<Long>) broken).refusal());
    await(() -> !replicator.isLeader());
    assertEquals(1, faults.fatalFaults().size(), faults.fatalFaults().toString());
    assertTrue(faults.fatalFaults().get(0).contains("could not be applied"));
    assertEquals(1, replicator.state().lines().size());
    replicator.close();
  }

  @Test
  void twoReplicasNeverShareADirectory() throws Exception {
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings())) {
      assertThrows(IOException.class, () -> start(settings()));
      append(replicator, "undisturbed");
    }
  }

  @Test
  void snapshotsLetTheLogGo() throws Exception {
    ReplicationSettings settings = settings().withSnapshots(100, 2);
    LogPosition last;
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings)) {
      for (int restart = 0; restart < 1500; restart++) {
        append(replicator, "line " + restart);
      }
      last = get(replicator.takeSnapshot());
      assertTrue(last.index() >= 1500);
    }
    assertEquals(2, snapshotNames().size(), snapshotNames().toString());
    assertTrue(snapshotNames().contains("snapshot-" + last.term() + "-" + last.index()));
    for (int restart = 0; restart < 3; restart++) {
      try (Replicator<Notebook.Page, Long, String> replicator = start(settings)) {
        assertEquals(1500 + restart, replicator.state().lines().size());
        append(replicator, "after a restart");
      }
    }
    faults.assertNone();
  }

  @Test
  void theLogGoesThoughNoProcessTakesTwoSnapshots() throws Exception {
    ReplicationSettings settings = settings().withSnapshots(1_000_000, 2);
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings)) {
      append(replicator, "the first run");
      get(replicator.takeSnapshot());
    }
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings)) {
      assertTrue(hasFirstSegment(), "were the only snapshot damaged, the log would make up for it");
      append(replicator, "the second run");
      get(replicator.takeSnapshot());
      append(replicator, "one more, for Ratis to look");
      await(() -> !hasFirstSegment());
    }
    faults.assertNone();
  }

  @Test
  void aLogThatBeginsAfterTheSnapshotsStopsTheStart() throws Exception {
    ReplicationSettings settings = settings().withSnapshots(10, 1);
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings)) {
      append(replicator, "in the first segment, which ends with the first run");
    }
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings)) {
      assertTrue(hasFirstSegment());
      for (int i = 0; i < 30; i++) {
        append(replicator, "line " + i);
      }
      get(replicator.takeSnapshot());
      append(replicator, "one more, for Ratis to look");
      await(() -> !hasFirstSegment());
    }
    for (String name : snapshotNames()) {
      Files.delete(stateMachineDirectory().resolve(name));
    }
    IOException refused = assertThrows(IOException.class, () -> start(settings));
    assertTrue(refused.getMessage().contains("missing"), refused.toString());
    faults.assertNone();
  }

  @Test
  void aDamagedSnapshotIsMadeUpForByAnOlderOneAndTheLog() throws Exception {
    ReplicationSettings settings = settings().withSnapshots(50, 2);
    StateDigest before;
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings)) {
      for (int i = 0; i < 400; i++) {
        append(replicator, "line " + i);
      }
      LogPosition newest = get(replicator.takeSnapshot());
      append(replicator, "after the snapshot");
      before = replicator.digest();
      assertTrue(newest.index() >= 400);
    }
    List<String> names = snapshotNames();
    assertEquals(2, names.size());
    String newest = names.stream().max((a, b) -> Long.compare(indexOf(a), indexOf(b))).get();
    Path file = stateMachineDirectory().resolve(newest);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings)) {
      assertEquals(before.sha256(), replicator.digest().sha256());
      assertEquals(1, faults.reportedFaults().size());
      append(replicator, "and on");
    }
    assertEquals(List.of(), faults.fatalFaults());
  }

  @Test
  void blobsStayWhileTheStateNamesThemAndGoAfterwards() throws Exception {
    ReplicationSettings settings = settings().withSnapshots(1_000_000, 1);
    byte[] content = "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8);
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings)) {
      get(replicator.submit(Notebook.appendBlob("#!/bin/sh\n")));
      assertTrue(replicator.blob(BlobStore.idOf(content)).isPresent());
    }
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings)) {
      assertTrue(replicator.blob(BlobStore.idOf(content)).isPresent(), "brought back by the log");
      get(replicator.takeSnapshot());
      append(replicator, "something else");
    }
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings)) {
      assertTrue(replicator.blob(BlobStore.idOf(content)).isPresent(), "kept by the snapshot");
      get(replicator.submit(Notebook.delete(0)));
      assertTrue(replicator.blob(BlobStore.idOf(content)).isPresent(), "the snapshot names it");
      get(replicator.takeSnapshot());
      await(() -> !isPresent(replicator, content));
    }
    faults.assertNone();
  }

  @Test
  void followersGetTheStateAndThenEveryDelta() throws Exception {
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings())) {
      append(replicator, "before");
      RecordingFollower follower = new RecordingFollower();
      replicator.follow(follower);
      append(replicator, "one");
      append(replicator, "two");
      await(() -> follower.seen().size() == 3);
      assertEquals(List.of("loaded 1", "Aone", "Atwo"), follower.seen());
    }
    faults.assertNone();
  }

  @Test
  void aCheckOfTheDigestIsLoggedAndCompared() throws Exception {
    try (Replicator<Notebook.Page, Long, String> replicator = start(settings())) {
      append(replicator, "one");
      StateDigest digest = get(replicator.checkReplicas());
      assertEquals(replicator.digest().sha256(), digest.sha256());
    }
    faults.assertNone();
  }

  /** Writes down what it is told. */
  static final class RecordingFollower implements StateFollower<Notebook.Page, String> {
    private final List<String> seen = new ArrayList<>();

    @Override
    public synchronized void loaded(StateAt<Notebook.Page> current) {
      seen.add("loaded " + current.state().lines().size());
    }

    @Override
    public synchronized void changed(StateAt<Notebook.Page> current, List<String> deltas) {
      seen.addAll(deltas);
    }

    synchronized List<String> seen() {
      return List.copyOf(seen);
    }
  }

  private ReplicationSettings settings() {
    return ReplicationSettings.alone(directory.resolve("state"), "test");
  }

  private Replicator<Notebook.Page, Long, String> start(ReplicationSettings settings)
      throws Exception {
    Replicator<Notebook.Page, Long, String> replicator =
        Replicator.start(settings, new Notebook(), faults);
    assertTrue(replicator.awaitLeading(PATIENCE), "it does not lead");
    return replicator;
  }

  private Path stateMachineDirectory() throws IOException {
    try (DirectoryStream<Path> groups =
        Files.newDirectoryStream(directory.resolve("state"), "????????-*")) {
      return groups.iterator().next().resolve("sm");
    }
  }

  private List<String> snapshotNames() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(stateMachineDirectory(), "snapshot-*")) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    }
    return names;
  }

  private boolean hasFirstSegment() {
    try (DirectoryStream<Path> segments =
        Files.newDirectoryStream(stateMachineDirectory().resolveSibling("current"), "log_0-*")) {
      return segments.iterator().hasNext();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long indexOf(String snapshotName) {
    return Long.parseLong(snapshotName.substring(snapshotName.lastIndexOf('-') + 1));
  }

  private static boolean isPresent(
      Replicator<Notebook.Page, Long, String> replicator, byte[] content) {
    try {
      return replicator.blob(BlobStore.idOf(content)).isPresent();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long append(Replicator<Notebook.Page, Long, String> replicator, String text)
      throws Exception {
    return committed(replicator.submit(Notebook.append(text))).reply();
  }

  private static Submission.Committed<Long> committed(CompletionStage<Submission<Long>> answer)
      throws Exception {
    Submission<Long> submission = get(answer);
    assertInstanceOf(Submission.Committed.class, submission, submission.toString());
    return (Submission.Committed<Long>) submission;
  }

  private static Refusal refusal(CompletionStage<Submission<Long>> answer) throws Exception {
    return ((Submission.Refused<Long>) get(answer)).refusal();
  }

  private static List<String> lines(Replicator<Notebook.Page, Long, String> replicator) {
    return List.copyOf(replicator.state().lines().values());
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    CompletableFuture<T> future = stage.toCompletableFuture();
    return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, "it did not happen in time");
      Thread.sleep(5);
    }
  }
}

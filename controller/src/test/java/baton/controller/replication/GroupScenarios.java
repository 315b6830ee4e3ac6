package baton.controller.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.fault.FaultHandler;
import baton.controller.fault.RecordingFaultHandler;
import baton.controller.model.BlobId;
import baton.controller.replication.Submission.Refusal;
import baton.controller.snapshot.BlobStore;
import baton.controller.snapshot.StateDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a group of three must do over whatever network. Nothing in the adapter may take a group of
 * one for granted.
 */
abstract class GroupScenarios {

  static final List<String> MEMBERS = List.of("a", "b", "c");
  private static final String GROUP_DIRECTORY =
      UUID.nameUUIDFromBytes("baton:test".getBytes(StandardCharsets.UTF_8)).toString();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final Map<String, Replicator<Notebook.Page, Long, String>> group = new HashMap<>();

  /** Returns the network as a member that starts has it. */
  abstract GroupNetwork network(String member) throws IOException;

  /** Lets no message of this member through any more, in either direction. */
  abstract void cut(String member);

  /** Undoes {@link #cut}. */
  abstract void heal(String member);

  /** Ends the networks. */
  void stopNetworks() {}

  @AfterEach
  void stop() {
    group.values().forEach(Replicator::close);
    stopNetworks();
  }

  @Test
  void allReplicasHaveTheStateAndAnotherLeadsWhenTheLeaderIsLost() throws Exception {
    for (String member : MEMBERS) {
      startMember(member, new Notebook(), faults);
    }
    append("one");
    String first = leader();
    await(() -> all(1));
    for (String member : MEMBERS) {
      if (!member.equals(first)) {
        assertEquals(
            Submission.refused(Refusal.NOT_LEADER),
            group
                .get(member)
                .submit(Notebook.append("x"))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS));
      }
    }
    group.remove(first).close();
    append("two");
    await(() -> all(2));
    startMember(first, new Notebook(), faults);
    await(() -> all(2));
    checkReplicas();
    faults.assertNone();
  }

  @Test
  void aReplicaThatIsBehindIsSentTheLog() throws Exception {
    for (String member : MEMBERS) {
      startMember(member, new Notebook(), faults);
    }
    String leader = leader();
    String behind = MEMBERS.stream().filter(m -> !m.equals(leader)).findFirst().orElseThrow();
    group.remove(behind).close();
    for (int i = 0; i < 400; i++) {
      append("line " + i);
    }
    get(group.get(leader()).takeSnapshot());
    append("one more");
    startMember(behind, new Notebook(), faults);
    await(() -> all(401));
    faults.assertNone();
  }

  @Test
  void aReplicaThatIsFarBehindIsSentTheSnapshotWithItsBlobs() throws Exception {
    for (String member : MEMBERS) {
      startMember(member, new Notebook(), faults);
    }
    String leader = leader();
    String behind = MEMBERS.stream().filter(m -> !m.equals(leader)).findFirst().orElseThrow();
    group.remove(behind).close();
    byte[] script = "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8);
    append(Notebook.BLOB_MARK + BlobStore.idOf(script).value(), Notebook.appendBlob("#!/bin/sh\n"));
    for (int i = 0; i < 400; i++) {
      append("line " + i);
    }
    for (String member : MEMBERS) {
      if (!member.equals(behind)) {
        group.remove(member).close();
      }
    }
    for (String member : MEMBERS) {
      if (!member.equals(behind)) {
        startMember(member, new Notebook(), faults);
      }
    }
    append("a new leader begins a new segment, so that the old one can go");
    for (Replicator<Notebook.Page, Long, String> member : group.values()) {
      get(member.takeSnapshot());
    }
    append("one more, for Ratis to look");
    await(() -> MEMBERS.stream().allMatch(m -> m.equals(behind) || !hasFirstSegment(m)));
    RecordingFaultHandler ownFaults = new RecordingFaultHandler();
    startMember(behind, new Notebook(), ownFaults);
    await(() -> all(403));
    assertTrue(group.get(behind).blob(BlobStore.idOf(script)).isPresent());
    StateDigest checked = checkReplicas();
    await(() -> group.get(behind).digest().sha256().equals(checked.sha256()));
    append("and it follows on");
    await(() -> all(404));
    ownFaults.assertNone();
    faults.assertNone();
  }

  @Test
  void aReplicaWhoseStateDiffersStops() throws Exception {
    RecordingFaultHandler ownFaults = new RecordingFaultHandler();
    startMember("a", new Notebook(), faults);
    startMember("b", new Notebook(), faults);
    leader();
    startMember("c", new Crooked(), ownFaults);
    append("one");
    await(() -> all(1));
    checkReplicas();
    await(() -> ownFaults.fatalFaults().size() == 1);
    assertTrue(ownFaults.fatalFaults().get(0).contains("I4"), ownFaults.fatalFaults().toString());
    append("the others go on");
    faults.assertNone();
  }

  @Test
  void aLeaderThatIsCutOffAcknowledgesNothing() throws Exception {
    for (String member : MEMBERS) {
      startMember(member, new Notebook(), faults);
    }
    String old = leader();
    append("one");
    // Ratis elects nobody by the vote of a member whose log is empty: it may have lost its disk
    await(() -> all(1));
    cut(old);
    Submission<Long> lost = get(group.get(old).submit(Notebook.append("lost")));
    assertInstanceOf(Submission.Refused.class, lost, lost.toString());
    await(() -> MEMBERS.stream().anyMatch(m -> !m.equals(old) && group.get(m).isLeader()));
    await(() -> !group.get(old).isLeader());
    append("two");
    heal(old);
    await(() -> group.get(old).state().lines().size() == 2);
    assertEquals(List.of("one", "two"), List.copyOf(group.get(old).state().lines().values()));
    faults.assertNone();
  }

  @Test
  void whatAnyMemberProposesIsCarriedOutOnce() throws Exception {
    Map<String, Submission<Long>> became = proposeWhileMembersAreCutOff(1_000_000);
    became.forEach((line, how) -> assertInstanceOf(Submission.Committed.class, how, line));
    List<String> lines = lines(group.get(leader()));
    assertEquals(List.of(), twice(lines), "carried out twice");
    assertEquals(became.keySet(), Set.copyOf(lines));
    faults.assertNone();
  }

  /** A member that is given a snapshot has not seen what became of its proposals. */
  @Test
  void whatASnapshotSkipsIsNotProposedAgain() throws Exception {
    Map<String, Submission<Long>> became = proposeWhileMembersAreCutOff(100);
    List<String> lines = lines(group.get(leader()));
    assertEquals(List.of(), twice(lines), "carried out twice");
    became.forEach(
        (line, how) -> {
          boolean committed = how instanceof Submission.Committed;
          assertTrue(committed || how.equals(Submission.refused(Refusal.UNDETERMINED)), line);
          assertTrue(!committed || lines.contains(line), line);
        });
    faults.assertNone();
  }

  private Map<String, Submission<Long>> proposeWhileMembersAreCutOff(int snapshotEvery)
      throws Exception {
    for (String member : MEMBERS) {
      startMember(member, new Notebook(), faults, snapshotEvery);
    }
    Map<String, CompletionStage<Submission<Long>>> proposed = new LinkedHashMap<>();
    proposed.put(
        "first", group.get(leader()).propose(Notebook.append("first"), PATIENCE, Runnable::run));
    await(() -> all(1)); // see aLeaderThatIsCutOffAcknowledgesNothing
    for (int round = 0; round < 6; round++) {
      String cutOff = round % 2 == 0 ? leader() : MEMBERS.get(round / 2);
      for (int i = 0; i < 60; i++) {
        String line = "line " + round + "." + i;
        Replicator<Notebook.Page, Long, String> proposer = group.get(MEMBERS.get(i % 3));
        proposed.put(line, proposer.propose(Notebook.append(line), PATIENCE, Runnable::run));
        if (i == 20) {
          cut(cutOff);
        }
      }
      await(() -> group.values().stream().anyMatch(Replicator::isLeader));
      Thread.sleep(200L * round);
      heal(cutOff);
    }
    Map<String, Submission<Long>> became = new LinkedHashMap<>();
    for (Map.Entry<String, CompletionStage<Submission<Long>>> one : proposed.entrySet()) {
      became.put(one.getKey(), get(one.getValue()));
    }
    return became;
  }

  @Test
  void whatIsProposedWhereNobodyLeadsWaitsForALeader() throws Exception {
    startMember("a", new Notebook(), faults);
    CompletionStage<Submission<Long>> impatient =
        group.get("a").propose(Notebook.append("never"), Duration.ofMillis(100), Runnable::run);
    CompletionStage<Submission<Long>> patient =
        group.get("a").propose(Notebook.append("later"), PATIENCE, Runnable::run);
    assertEquals(Submission.refused(Refusal.NOT_LEADER), get(impatient));
    startMember("b", new Notebook(), faults);
    assertInstanceOf(Submission.Committed.class, get(patient));
    await(() -> all(1));
    faults.assertNone();
  }

  /** Writes its state otherwise than the others, as a replica does whose memory is bad. */
  private static final class Crooked implements ReplicatedState<Notebook.Page, Long, String> {
    private final Notebook straight = new Notebook();

    @Override
    public Notebook.Page initial() {
      return straight.initial();
    }

    @Override
    public Applied<Notebook.Page, Long, String> apply(Notebook.Page page, byte[] command) {
      return straight.apply(page, command);
    }

    @Override
    public void write(Notebook.Page page, OutputStream out) throws IOException {
      straight.write(page, out);
      out.write(1);
    }

    @Override
    public Notebook.Page read(InputStream in) throws IOException {
      return straight.read(in);
    }

    @Override
    public Iterable<BlobId> blobs(Notebook.Page page) {
      return straight.blobs(page);
    }
  }

  private void startMember(
      String name, ReplicatedState<Notebook.Page, Long, String> state, FaultHandler handler)
      throws IOException {
    startMember(name, state, handler, 100);
  }

  private void startMember(
      String name,
      ReplicatedState<Notebook.Page, Long, String> state,
      FaultHandler handler,
      int snapshotEvery)
      throws IOException {
    ReplicationSettings settings =
        ReplicationSettings.alone(directory.resolve(name), "test")
            .withSnapshots(snapshotEvery, 1)
            .withMembers(name, MEMBERS, network(name));
    group.put(name, Replicator.start(settings, state, handler));
  }

  private boolean hasFirstSegment(String member) {
    Path current = directory.resolve(member).resolve(GROUP_DIRECTORY).resolve("current");
    String[] names = current.toFile().list();
    return names == null || Stream.of(names).anyMatch(name -> name.startsWith("log_0-"));
  }

  private String leader() throws InterruptedException {
    await(() -> group.values().stream().anyMatch(Replicator::isLeader));
    return group.entrySet().stream()
        .filter(member -> member.getValue().isLeader())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> lines(Replicator<Notebook.Page, Long, String> member) {
    return List.copyOf(member.state().lines().values());
  }

  private static List<String> twice(List<String> lines) {
    Set<String> seen = new HashSet<>();
    return lines.stream().filter(line -> !seen.add(line)).toList();
  }

  private boolean all(int lines) {
    return group.values().stream().allMatch(r -> r.state().lines().size() == lines);
  }

  private void append(String text) throws Exception {
    append(text, Notebook.append(text));
  }

  // on a machine that stalls, the lead may change at any time: then it is asked, and sent, again
  private void append(String text, byte[] command) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Submission<Long> submission = get(group.get(leader()).submit(command));
    while (submission instanceof Submission.Refused) {
      assertTrue(System.nanoTime() - end < 0, submission.toString());
      Replicator<Notebook.Page, Long, String> leader = group.get(leader());
      if (List.copyOf(leader.state().lines().values()).contains(text)) {
        return;
      }
      submission = get(leader.submit(command));
    }
  }

  private StateDigest checkReplicas() throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return get(group.get(leader()).checkReplicas());
      } catch (ExecutionException leadLost) {
        assertTrue(System.nanoTime() - end < 0, leadLost.toString());
      }
    }
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, "it did not happen in time");
      Thread.sleep(10);
    }
  }
}

package baton.controller.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.fault.RecordingFaultHandler;
import baton.controller.replication.peer.ControllerGroup;
import baton.controller.replication.peer.GroupOptions;
import baton.controller.replication.peer.GroupRefused;
import baton.controller.replication.peer.SharedSeal;
import baton.controller.replication.peer.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A member whose data is damaged comes back as another one, with the state of the others; it never
 * votes for what it was. The controllers are whole but for Slurm: doors, certificates, Ratis'
 * files.
 */
@Execution(ExecutionMode.CONCURRENT)
final class DamagedMemberTest {
  private static final UUID ALONE = UUID.nameUUIDFromBytes(new byte[] {1});
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Trust trust = new SharedSeal();
  private final Map<String, String> peers = new LinkedHashMap<>();
  private final Map<String, Future<Controller>> started = new ConcurrentHashMap<>();
  private final Map<String, ConcurrentLinkedQueue<String>> said = new ConcurrentHashMap<>();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private int lines;

  /** A controller's place and its replica. */
  private record Controller(
      ControllerGroup group, Replicator<Notebook.Page, Long, String> replicator)
      implements AutoCloseable {
    @Override
    public void close() {
      replicator.close();
      group.close();
    }
  }

  /** What can happen to a directory. */
  enum Damage {
    FLIPPED_LOG("log_", How.FLIPPED),
    CUT_LOG("log_", How.CUT),
    NO_LOG("log_", How.GONE),
    FLIPPED_SNAPSHOTS("snapshot-", How.FLIPPED),
    CUT_SNAPSHOTS("snapshot-", How.CUT),
    FLIPPED_BLOBS("[0-9a-f]{64}", How.FLIPPED),
    NO_BLOBS("[0-9a-f]{64}", How.GONE),
    CUT_TERM("raft-meta$", How.CUT),
    NO_TERM("raft-meta$", How.GONE),
    FLIPPED_MEMBERS("raft-meta.conf", How.FLIPPED),
    CUT_MEMBERS("raft-meta.conf", How.CUT),
    FLIPPED_RECORD("member$", How.FLIPPED),
    CUT_RECORD("member$", How.CUT);

    private final String name;
    private final How how;

    /** What happens to a file. */
    private enum How {
      FLIPPED,
      CUT,
      GONE
    }

    Damage(String name, How how) {
      this.name = name;
      this.how = how;
    }

    void apply(Path data) throws IOException {
      List<Path> files;
      try (Stream<Path> all = Files.walk(data)) {
        files =
            all.filter(Files::isRegularFile)
                .filter(file -> !file.toString().contains("/damaged/"))
                .filter(file -> file.getFileName().toString().matches(name + ".*"))
                .toList();
      }
      assertFalse(files.isEmpty(), this + ": there is no such file");
      for (Path file : files) {
        switch (how) {
          case FLIPPED -> flip(file);
          case CUT -> halve(file);
          case GONE -> Files.delete(file);
        }
      }
    }

    private static void flip(Path file) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      int written = bytes.length;
      while (written > 1 && bytes[written - 1] == 0) {
        written--;
      }
      bytes[written / 2] ^= 4;
      Files.write(file, bytes);
    }

    private static void halve(Path file) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      int written = bytes.length;
      while (written > 1 && bytes[written - 1] == 0) {
        written--;
      }
      Files.write(file, Arrays.copyOf(bytes, written / 2));
    }
  }

  @AfterEach
  void stop() throws Exception {
    threads.shutdownNow();
    for (Future<Controller> one : started.values()) {
      try {
        one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).close();
      } catch (ExecutionException interruptedOrRefused) {
        // it has closed what it had itself
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void itComesBackAsAnotherMemberWithTheSameState(Damage damage) throws Exception {
    form("a", "b", "c");
    for (int i = 0; i < 30; i++) {
      append();
    }
    appendBlob();
    awaitSame(); // the snapshots name the blob, then
    for (String id : peers.keySet()) {
      get(member(id).replicator().takeSnapshot());
    }
    append();
    awaitSame(); // all have it in their logs, and nowhere else
    String victim = leader();
    if (damage.how != Damage.How.CUT) {
      victim = peers.keySet().stream().filter(id -> !isLeader(id)).findFirst().orElseThrow();
    }
    String name = name(victim);
    end(victim);
    damage.apply(data(victim));
    append();
    start(victim);
    awaitSame();
    assertNotEquals(name, name(victim), "it has another name");
    String back = victim;
    await("the leader counts it", () -> names(leaderQuietly()).contains(nameQuietly(back)));
    assertFalse(names(leader()).contains(name), "its old name is gone");
    assertEquals(3, names(leader()).size());
    Path aside = data(victim).resolve("damaged").resolve("1");
    assertTrue(Files.size(aside.resolve("why")) > 20);
    append();
    awaitSame();
    assertVotes(victim);
  }

  /** The lead can be given to it, so it is a voter whose log is whole. */
  private void assertVotes(String id) throws Exception {
    await(
        id + " leads",
        () -> {
          try {
            return member(id).replicator().isLeader() || get(member(id).group().takeLead());
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    append();
    awaitSame();
  }

  /** One that was behind, and one that lost what it acknowledged, must not go on without it. */
  @Test
  void whoLostItsLogElectsNobodyThatLacksIt() throws Exception {
    form("a", "b", "c");
    append();
    awaitSame();
    String behind = peers.keySet().stream().filter(id -> !isLeader(id)).findFirst().orElseThrow();
    end(behind);
    append();
    String whole = leader();
    String lost =
        peers.keySet().stream()
            .filter(id -> !id.equals(whole) && !id.equals(behind))
            .findFirst()
            .orElseThrow();
    await("both have it", () -> count(lost) == lines);
    end(whole);
    end(lost);
    Damage.CUT_LOG.apply(data(lost));
    start(behind);
    start(lost);
    member(behind);
    await("it waits", () -> saidBy(lost).anyMatch(word -> word.contains("no member leads now")));
    Thread.sleep(3000);
    assertFalse(isLeader(behind), "nobody may lead");
    assertFalse(started.get(lost).isDone(), "it has no replica that could vote");
    start(whole);
    awaitSame();
    append();
    awaitSame();
  }

  @Test
  void aDamagedMajorityRefusesAndChangesNothing() throws Exception {
    form("a", "b", "c");
    append();
    awaitSame();
    Map<Path, byte[]> sound = new LinkedHashMap<>();
    for (String id : List.of("a", "b", "c")) {
      end(id);
    }
    for (String id : List.of("b", "c")) {
      for (Path log : logs(data(id))) {
        sound.put(log, Files.readAllBytes(log));
      }
      Damage.FLIPPED_LOG.apply(data(id));
    }
    for (String id : List.of("a", "b", "c")) {
      start(id);
    }
    for (String id : List.of("b", "c")) {
      String text = refusal(id);
      assertTrue(text.contains("/log_") && text.contains(" at byte "), text);
      assertTrue(text.contains("these are damaged: "), text);
      assertFalse(Files.exists(data(id).resolve("damaged")), "nothing was changed");
    }
    for (Map.Entry<Path, byte[]> one : sound.entrySet()) {
      Files.write(one.getKey(), one.getValue());
    }
    start("b");
    start("c");
    awaitSame();
  }

  @Test
  void theOnlyMemberRefuses() throws Exception {
    form("a");
    append();
    await("it is noted", () -> text(data("a").resolve("member")).contains("voters=a\n"));
    end("a");
    Damage.FLIPPED_LOG.apply(data("a"));
    start("a");
    assertTrue(refusal("a").contains("only member of its group"));
  }

  @Test
  void aRecordThatIsLostWithoutAListIsAskedFor() throws Exception {
    form("a");
    end("a");
    Damage.CUT_RECORD.apply(data("a"));
    peers.clear();
    start("a");
    assertTrue(refusal("a").contains("--id and --peers"));
  }

  /** The moments at which it may die while it is replaced. */
  @Test
  void whoDiesWhileItIsReplacedComesBackAllTheSame() throws Exception {
    form("a", "b", "c");
    append();
    awaitSame();
    end("c");
    // the data is set aside, the new record is not written
    move(data("c"), "elsewhere");
    start("c");
    awaitSame();
    end("c");
    // the new record is written, its replica has never run
    move(data("c"), "elsewhere too");
    for (int i = 0; i < 2; i++) {
      ControllerGroup.enter(options("c"), trust, word -> {}).close();
    }
    start("c");
    append();
    awaitSame();
    assertEquals(3, names(leader()).size());
    assertVotes("c");
  }

  private static void move(Path data, String name) throws IOException {
    Path group = logs(data).get(0).getParent().getParent();
    Files.move(group, data.resolveSibling(name));
  }

  private static List<Path> logs(Path data) throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      return all.filter(file -> file.getFileName().toString().startsWith("log_"))
          .filter(file -> !file.toString().contains("/damaged/"))
          .toList();
    }
  }

  private void form(String... ids) throws Exception {
    List<ServerSocket> held = new ArrayList<>();
    for (String id : ids) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      held.add(socket);
      peers.put(id, "127.0.0.1:" + socket.getLocalPort());
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
    for (String id : ids) {
      start(id);
    }
    await("all are in", () -> names(leaderQuietly()).size() == ids.length);
  }

  private Path data(String id) {
    return directory.resolve(id);
  }

  private GroupOptions options(String id) {
    return new GroupOptions(
        data(id),
        peers.isEmpty() ? Optional.empty() : Optional.of(id),
        peers,
        Optional.empty(),
        ALONE);
  }

  private void start(String id) {
    said.put(id, new ConcurrentLinkedQueue<>());
    GroupOptions options = options(id);
    started.put(
        id,
        threads.submit(
            () -> {
              ControllerGroup group = ControllerGroup.enter(options, trust, said.get(id)::add);
              try {
                Replicator<Notebook.Page, Long, String> replicator =
                    group.start(
                        ReplicationSettings.alone(data(id), "test").withSnapshots(1000, 2),
                        new Notebook(),
                        faults);
                group.begin(replicator);
                return new Controller(group, replicator);
              } catch (IOException | GroupRefused | InterruptedException e) {
                group.close();
                throw e;
              }
            }));
  }

  private void end(String id) throws Exception {
    member(id).close();
    started.remove(id);
  }

  private Controller member(String id) throws Exception {
    return started.get(id).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private String refusal(String id) {
    Future<Controller> one = started.remove(id);
    ExecutionException failed =
        assertThrows(
            ExecutionException.class, () -> one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    return assertInstanceOf(GroupRefused.class, failed.getCause()).getMessage();
  }

  private Stream<String> saidBy(String id) {
    return said.get(id).stream();
  }

  private Optional<Controller> running(String id) {
    try {
      Future<Controller> one = started.get(id);
      return one == null || !one.isDone() ? Optional.empty() : Optional.of(one.get());
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(id, e);
    }
  }

  private boolean isLeader(String id) {
    return running(id).map(one -> one.replicator().isLeader()).orElse(false);
  }

  private Optional<String> leaderQuietly() {
    return peers.keySet().stream().filter(this::isLeader).findFirst();
  }

  private String leader() throws InterruptedException {
    await("one leads", () -> leaderQuietly().isPresent());
    return leaderQuietly().orElseThrow();
  }

  private String name(String id) throws Exception {
    return member(id).replicator().group().view().self();
  }

  private String nameQuietly(String id) {
    return running(id).map(one -> one.replicator().group().view().self()).orElse("");
  }

  private List<String> names(String id) {
    return names(Optional.of(id));
  }

  private List<String> names(Optional<String> id) {
    return id
        .flatMap(this::running)
        .map(one -> one.replicator().group().view().members())
        .orElse(List.of())
        .stream()
        .map(GroupMember::name)
        .toList();
  }

  private int count(String id) {
    return running(id).map(one -> one.replicator().state().lines().size()).orElse(-1);
  }

  private void awaitSame() throws Exception {
    await("all have it", () -> peers.keySet().stream().allMatch(id -> count(id) == lines));
    List<String> digests = new ArrayList<>();
    for (String id : peers.keySet()) {
      digests.add(member(id).replicator().digest().sha256());
    }
    assertEquals(1, digests.stream().distinct().count(), digests.toString());
    assertEquals(List.of(), faults.fatalFaults());
  }

  private void append() throws Exception {
    append(Notebook.append("line " + lines));
  }

  private void appendBlob() throws Exception {
    append(Notebook.appendBlob("#!/bin/sh\nexit 0\n"));
  }

  private void append(byte[] command) throws Exception {
    Replicator<Notebook.Page, Long, String> any = member(leader()).replicator();
    assertInstanceOf(Submission.Committed.class, get(any.propose(command, Duration.ofMinutes(1))));
    lines++;
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, () -> "not in time: " + what + "; said: " + said);
      Thread.sleep(10);
    }
  }
}

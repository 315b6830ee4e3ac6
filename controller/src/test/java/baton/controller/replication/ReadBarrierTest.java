package baton.controller.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.fault.RecordingFaultHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever is asked, nobody is told less than anybody was told before (ADR 0035). */
final class ReadBarrierTest {
  private static final List<String> MEMBERS = List.of("a", "b", "c");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SHORTLY = Duration.ofMillis(100);

  @TempDir Path directory;
  private final InProcessNetwork network = new InProcessNetwork();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final Map<String, Replicator<Notebook.Page, Long, String>> group = new TreeMap<>();

  @BeforeEach
  void start() throws IOException {
    for (String member : MEMBERS) {
      ReplicationSettings settings =
          ReplicationSettings.alone(directory.resolve(member), "test")
              .withMembers(member, MEMBERS, network);
      group.put(member, Replicator.start(settings, new Notebook(), faults));
    }
  }

  @AfterEach
  void stop() {
    group.values().forEach(Replicator::close);
    faults.assertNone();
  }

  @Test
  void whatOneMemberToldEveryOtherKnows() throws Exception {
    for (int i = 0; i < 100; i++) {
      Submission<Long> told =
          get(member(i).propose(Notebook.append("line " + i), PATIENCE, Runnable::run));
      assertInstanceOf(Submission.Committed.class, told);
      for (Replicator<Notebook.Page, Long, String> member : group.values()) {
        assertTrue(get(member.awaitCurrent(PATIENCE)));
        assertEquals(i + 1, member.state().lines().size());
      }
    }
  }

  @Test
  void manyReadersShareAQuestion() throws Exception {
    List<CompletionStage<Boolean>> readers = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      readers.add(member(i).awaitCurrent(PATIENCE));
    }
    for (CompletionStage<Boolean> reader : readers) {
      assertTrue(get(reader));
    }
  }

  /** It leads as far as it knows, and nothing was committed since it was last asked. */
  @Test
  void whoIsCutOffLetsNobodyReadEvenBeforeItKnows() throws Exception {
    await(() -> group.values().stream().anyMatch(Replicator::isLeader));
    Replicator<Notebook.Page, Long, String> leader = leader();
    get(leader.propose(Notebook.append("one"), PATIENCE, Runnable::run));
    assertTrue(get(leader.awaitCurrent(PATIENCE)));
    network.cut(name(leader));
    CompletionStage<Boolean> first = leader.awaitCurrent(SHORTLY);
    assertFalse(get(first));
    await(() -> group.values().stream().anyMatch(m -> m != leader && m.isLeader()));
    assertFalse(get(leader.awaitCurrent(SHORTLY)));
    AtomicInteger proven = new AtomicInteger();
    assertFalse(leader.mayAct(proven::incrementAndGet));
    Replicator<Notebook.Page, Long, String> next = leader();
    await(() -> next.mayAct(proven::incrementAndGet));
    network.heal(name(leader));
    assertTrue(get(leader.awaitCurrent(PATIENCE)));
  }

  @Test
  void withoutAMajorityNobodyReadsAndAllDoAgainAfterwards() throws Exception {
    get(member(0).propose(Notebook.append("one"), PATIENCE, Runnable::run));
    await(() -> group.values().stream().anyMatch(Replicator::isLeader));
    Replicator<Notebook.Page, Long, String> leader = leader();
    List<String> others = MEMBERS.stream().filter(name -> !name.equals(name(leader))).toList();
    others.forEach(network::cut);
    for (Replicator<Notebook.Page, Long, String> member : group.values()) {
      assertFalse(get(member.awaitCurrent(SHORTLY)));
    }
    CompletionStage<Boolean> patient = member(1).awaitCurrent(PATIENCE);
    others.forEach(network::heal);
    assertTrue(get(patient));
    assertEquals(1, member(1).state().lines().size());
  }

  private Replicator<Notebook.Page, Long, String> member(int i) {
    return group.get(MEMBERS.get(i % MEMBERS.size()));
  }

  private Replicator<Notebook.Page, Long, String> leader() throws InterruptedException {
    List<Replicator<Notebook.Page, Long, String>> leading = new ArrayList<>();
    await(
        () -> {
          leading.clear();
          group.values().stream().filter(m -> m.mayAct(() -> {})).forEach(leading::add);
          return leading.size() == 1;
        });
    return leading.get(0);
  }

  private String name(Replicator<Notebook.Page, Long, String> member) {
    return group.entrySet().stream()
        .filter(entry -> entry.getValue() == member)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
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

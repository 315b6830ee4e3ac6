package baton.controller.replication.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One group comes out of empty directories, or none; never two. */
final class FormationTest {
  private static final UUID ALONE = UUID.nameUUIDFromBytes(new byte[] {1});
  private static final long PATIENCE_SECONDS = 60;

  @TempDir private Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Trust trust = new SharedSeal();
  private final Map<String, LinkedBlockingQueue<String>> said = new ConcurrentHashMap<>();
  private final Map<String, Future<ControllerGroup>> entering = new LinkedHashMap<>();
  private final Map<String, String> peers = new LinkedHashMap<>();

  @BeforeEach
  void choosePorts() throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    for (String id : List.of("a", "b", "c")) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      held.add(socket);
      peers.put(id, "127.0.0.1:" + socket.getLocalPort());
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
  }

  @AfterEach
  void stop() throws Exception {
    threads.shutdownNow();
    for (Future<ControllerGroup> one : entering.values()) {
      try {
        one.get(PATIENCE_SECONDS, TimeUnit.SECONDS).close();
      } catch (ExecutionException interruptedOrRefused) {
        // it has closed its port itself
      }
    }
  }

  private Path data(String id) {
    return directory.resolve(id);
  }

  private void start(String id, Map<String, String> list) {
    said.put(id, new LinkedBlockingQueue<>());
    GroupOptions options =
        new GroupOptions(data(id), Optional.of(id), list, Optional.empty(), ALONE);
    Callable<ControllerGroup> enter =
        () -> ControllerGroup.enter(options, trust, said.get(id)::add);
    entering.put(id, threads.submit(enter));
  }

  /** Waits until a controller says something that has these words. */
  private void awaitWord(String id, String words) throws InterruptedException {
    List<String> all = new ArrayList<>();
    while (all.isEmpty() || !all.get(all.size() - 1).contains(words)) {
      String next = said.get(id).poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertTrue(next != null, () -> id + " never said " + words + ", but " + all);
      all.add(next);
    }
  }

  private GroupRefused refusal(String id) {
    Future<ControllerGroup> one = entering.get(id);
    ExecutionException failed =
        assertThrows(ExecutionException.class, () -> one.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    return assertInstanceOf(GroupRefused.class, failed.getCause());
  }

  private long records() {
    return peers.keySet().stream()
        .filter(id -> Files.exists(data(id).resolve(MemberIdentity.FILE)))
        .count();
  }

  @Test
  void nothingIsFoundedWhileOneIsMissing() throws Exception {
    start("a", peers);
    start("b", peers);
    awaitWord("a", "waiting for c=");
    awaitWord("b", "waiting for c=");
    assertEquals(0, records());
    start("c", peers);
    awaitWord("a", "founds a group");
    assertEquals(1, entered("a"));
  }

  /** Waits until a controller has its place, and returns how many directories name one. */
  private long entered(String id) throws Exception {
    entering.get(id).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return records();
  }

  @Test
  void whoIsNotTheFirstOfTheListWaits() throws Exception {
    start("b", peers);
    start("c", peers);
    awaitWord("b", "waiting for a=");
    awaitWord("c", "waiting for a=");
    start("a", peers);
    assertEquals(1, entered("a"));
    // the founder's replica does not run here, so the others go on waiting
    awaitWord("b", "starting");
    awaitWord("c", "starting");
    assertEquals(1, records());
  }

  @Test
  void differentListsFoundNothing() throws Exception {
    Map<String, String> other = new LinkedHashMap<>();
    other.put("b", peers.get("b"));
    other.put("a", peers.get("a"));
    other.put("c", peers.get("c"));
    start("a", peers);
    start("b", other);
    start("c", peers);
    awaitWord("a", "b was given other --peers");
    awaitWord("b", "was given other --peers");
    assertEquals(0, records());
  }

  @Test
  void whoHasJobsFoundsTheGroup() throws Exception {
    Map<String, String> list = new LinkedHashMap<>();
    list.put("a", peers.get("a"));
    list.put("0", peers.get("b"));
    Files.createDirectories(data("0").resolve(ALONE.toString()));
    start("a", list);
    start("0", list);
    awaitWord("0", "founds a group");
    entering.get("0").get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    awaitWord("a", "starting");
  }

  @Test
  void aDirectoryWithJobsKeepsItsName() {
    Map<String, String> list = Map.of("a", peers.get("a"), "b", peers.get("b"));
    assertTrue(data("a").resolve(ALONE.toString()).toFile().mkdirs());
    start("a", list);
    assertTrue(refusal("a").getMessage().contains("start it with --id 0"));
  }

  @Test
  void aRecordOfAnotherIdIsRefused() throws Exception {
    MemberIdentity recorded = MemberIdentity.found(ALONE, "b", peers, Instant.now());
    recorded.save(data("a"));
    start("a", peers);
    assertTrue(refusal("a").getMessage().contains("belongs to the member b"));
  }
}

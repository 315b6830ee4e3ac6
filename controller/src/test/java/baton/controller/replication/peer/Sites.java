package baton.controller.replication.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.fault.RecordingFaultHandler;
import baton.controller.replication.GroupView;
import baton.controller.replication.Notebook;
import baton.controller.replication.ReplicationSettings;
import baton.controller.replication.Replicator;
import baton.controller.replication.Submission;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Controllers of one cluster in this process, over TLS, each with a directory of its own; the last
 * one is not listed with the others. A controller is started in the steps that it takes in
 * production, and can be stopped after each.
 */
final class Sites {
  private static final UUID ALONE = UUID.nameUUIDFromBytes(new byte[] {1});
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

  private final Path directory;
  private final Map<String, String> addresses = new LinkedHashMap<>();
  private final Map<String, String> listed = new LinkedHashMap<>();
  private final Trust seal = new SharedSeal();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, ControllerGroup> groups = new ConcurrentHashMap<>();
  private final Map<String, Replicator<Notebook.Page, Long, String>> replicas =
      new ConcurrentHashMap<>();
  private final Map<String, byte[]> enteredAs = new ConcurrentHashMap<>();
  private final Map<String, Future<Void>> starting = new HashMap<>();

  /** A step that may fail. */
  interface Step {
    void run() throws Exception;
  }

  Sites(Path directory, List<String> ids) throws IOException {
    this.directory = directory;
    List<ServerSocket> held = new ArrayList<>();
    for (String id : ids) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      held.add(socket);
      addresses.put(id, "127.0.0.1:" + socket.getLocalPort());
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
    listed.putAll(addresses);
    listed.remove(ids.get(ids.size() - 1));
  }

  Path data(String id) {
    return directory.resolve(id);
  }

  Path record(String id) {
    return data(id).resolve(MemberIdentity.FILE);
  }

  /** Returns where Ratis keeps the log of who has a record. */
  Path log(String id) throws IOException {
    UUID group = MemberIdentity.load(data(id)).orElseThrow().group();
    return data(id).resolve(group.toString()).resolve("current");
  }

  // --- the steps of a start ---

  private ControllerGroup entering(String id, Map<String, String> peers, Optional<String> token)
      throws Exception {
    Optional<String> given = peers.isEmpty() ? Optional.empty() : Optional.of(id);
    return ControllerGroup.enter(
        new GroupOptions(data(id), given, peers, token, ALONE), seal, said -> {});
  }

  private void entered(String id, ControllerGroup group) throws IOException {
    enteredAs.put(id, Files.readAllBytes(record(id)));
    groups.put(id, group);
  }

  /** Finds a controller's place. */
  void enter(String id) throws Exception {
    entered(id, entering(id, listed, Optional.empty()));
  }

  /** Finds it with a token. */
  void enter(String id, String token) throws Exception {
    entered(id, entering(id, Map.of(), Optional.of(token)));
  }

  /** Starts the replica of one that has its place. */
  void startReplica(String id) throws Exception {
    ReplicationSettings settings =
        groups.get(id).settings(ReplicationSettings.alone(data(id), "test"));
    replicas.put(id, Replicator.start(settings, new Notebook(), faults));
  }

  private void begin(String id) throws Exception {
    startReplica(id);
    groups.get(id).begin(replicas.get(id));
  }

  private void launch(String id, Step place) {
    Callable<Void> steps =
        () -> {
          place.run();
          begin(id);
          return null;
        };
    starting.put(id, threads.submit(steps));
  }

  void start(String id) {
    launch(id, () -> enter(id));
  }

  void start(String id, String token) {
    launch(id, () -> enter(id, token));
  }

  /** Starts one that goes by its record alone. */
  void startKnown(String id) {
    launch(id, () -> entered(id, entering(id, Map.of(), Optional.empty())));
  }

  /** Starts those that are listed and do not run. */
  void startAll() {
    listed.keySet().stream().filter(id -> !starting.containsKey(id)).forEach(this::start);
  }

  /** Starts a founder while those that are not yet to have a place answer that they have none. */
  void start(String founder, List<String> without) throws Exception {
    meanwhile(
        without,
        () -> {
          start(founder);
          await(() -> groups.containsKey(founder));
        });
    await(() -> replicas.containsKey(founder) && replicas.get(founder).isLeader());
  }

  /** Does something while others are there that have no place and get none. */
  void meanwhile(List<String> others, Step step) throws Exception {
    List<PeerNetwork> doors = new ArrayList<>();
    try {
      for (String id : others) {
        if (!Files.exists(record(id))) {
          GroupDoor door = new GroupDoor(seal);
          GroupOptions options =
              new GroupOptions(data(id), Optional.of(id), listed, Optional.empty(), ALONE);
          door.open(new Formation(options, id, seal, said -> {}));
          doors.add(
              new PeerNetwork(PeerAddress.resolve(addresses.get(id)), door, TlsIdentity.none()));
        }
      }
      step.run();
    } finally {
      doors.forEach(PeerNetwork::close);
    }
  }

  /** Stops a controller; what is on disk is what a killed one leaves. */
  void stop(String id) throws Exception {
    Future<Void> start = starting.remove(id);
    if (start != null) {
      start.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    Replicator<Notebook.Page, Long, String> replica = replicas.remove(id);
    ControllerGroup group = groups.remove(id);
    if (group != null) {
      group.close();
    }
    if (replica != null) {
      replica.close();
    }
  }

  void restartAll() throws Exception {
    for (String id : listed.keySet()) {
      stop(id);
    }
    startAll();
  }

  void empty(String id) throws IOException {
    try (Stream<Path> files = Files.walk(data(id), FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  Throwable failureOfEntering(String id) {
    Future<ControllerGroup> one = threads.submit(() -> entering(id, listed, Optional.empty()));
    return assertThrows(
            ExecutionException.class, () -> one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .getCause();
  }

  // --- what is asked at the door ---

  DoorWire ask(Map<String, String> fields) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      DoorWire answer = DoorClient.ask(addresses.get("a"), fields, seal, ANSWER_WITHIN);
      if (!answer.get(DoorField.OUTCOME).equals(DoorField.WAIT)) {
        return answer;
      }
      assertTrue(System.nanoTime() - end < 0, () -> "still " + answer.get(DoorField.WHY));
      Thread.sleep(50);
    }
  }

  DoorWire add(String id) throws Exception {
    return ask(
        Map.of(
            DoorField.OPERATION,
            DoorField.ADD,
            DoorField.ID,
            id,
            DoorField.ADDRESS,
            addresses.get(id)));
  }

  DoorWire askToBeAdmitted(MemberIdentity member) throws IOException {
    return DoorClient.ask(
        addresses.get("a"),
        Map.of(DoorField.OPERATION, DoorField.ADMIT, DoorField.ADDRESS, member.address()),
        member,
        ANSWER_WITHIN);
  }

  /** Returns the record that a controller had when it was given its place. */
  byte[] recordBeforeAdmission(String id) throws Exception {
    await(() -> enteredAs.containsKey(id));
    return enteredAs.get(id);
  }

  // --- what must come out ---

  void propose(String line) throws Exception {
    Submission<Long> outcome =
        replicas
            .get("a")
            .propose(Notebook.append(line), PATIENCE, Runnable::run)
            .toCompletableFuture()
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertInstanceOf(Submission.Committed.class, outcome);
  }

  /** Waits until all that were started are members of one group, and have what one of them says. */
  void awaitOneGroup() throws Exception {
    for (Map.Entry<String, Future<Void>> one : starting.entrySet()) {
      one.getValue().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    Set<String> all = Set.copyOf(replicas.keySet());
    await(() -> replicas.values().stream().allMatch(replica -> ids(replica).equals(all)));
    await(() -> groups.values().stream().allMatch(group -> group.identity().admitted()));
    assertEquals(
        1, groups.values().stream().map(group -> group.identity().group()).distinct().count());
    propose("said in one group");
    int lines = replicas.get("a").state().lines().size();
    await(() -> replicas.values().stream().allMatch(r -> r.state().lines().size() == lines));
    assertEquals(List.of(), faults.fatalFaults());
  }

  private static Set<String> ids(Replicator<?, ?, ?> replica) {
    GroupView view = replica.group().view();
    return view.members().stream()
        .map(member -> MemberName.id(member.name()))
        .collect(Collectors.toSet());
  }

  /** Returns how many members all agree on; empty when they do not. */
  Optional<Integer> members() {
    Set<Integer> counts =
        replicas.values().stream()
            .map(replica -> replica.group().view().members().size())
            .collect(Collectors.toSet());
    return counts.size() == 1 ? Optional.of(counts.iterator().next()) : Optional.empty();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, "it did not happen in time");
      Thread.sleep(10);
    }
  }

  /** Ends all of them. */
  void stopAll() throws Exception {
    threads.shutdownNow();
    for (String id : addresses.keySet()) {
      try {
        stop(id);
      } catch (ExecutionException interruptedOrRefused) {
        // it has closed what it had opened itself
      }
    }
  }
}

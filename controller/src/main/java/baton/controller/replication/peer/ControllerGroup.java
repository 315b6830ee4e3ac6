package baton.controller.replication.peer;

import baton.controller.fault.FaultHandler;
import baton.controller.replication.Background;
import baton.controller.replication.DamagedDataException;
import baton.controller.replication.GroupMember;
import baton.controller.replication.GroupView;
import baton.controller.replication.ReplicatedState;
import baton.controller.replication.ReplicationSettings;
import baton.controller.replication.Replicator;
import baton.controller.replication.StateAt;
import baton.controller.replication.StateFollower;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A controller's place in its group: its port, its certificate, and what is asked at the door (ADR
 * 0033). Made before the replica, whose network it is; {@link #begin} when that runs.
 *
 * <p>Thread-safe.
 */
public final class ControllerGroup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerGroup.class);
  private static final Duration STAND_WITHIN = Duration.ofSeconds(2);
  private static final Duration LEAD_WITHIN = Duration.ofSeconds(10);
  private static final Duration ADMIT_WITHIN = Duration.ofSeconds(30);
  private static final Duration RENEW_AFTER = Duration.ofDays(60);
  private static final Duration QUESTION_WITHIN = Duration.ofSeconds(1);
  private static final long TICK_MILLIS = 500;

  private final GroupOptions options;
  private final Trust trust;
  private final GroupDoor door;
  private final PeerNetwork network;
  private final Consumer<String> say;
  private final ScheduledExecutorService timer = Background.timer("group-member");
  private volatile MemberIdentity identity;
  private volatile Running running;
  private volatile GroupStatus.Failover failover;

  /** The replica, and what it can be asked to change. */
  record Running(Replicator<?, ?, ?> replicator, GroupOperations operations) {}

  private ControllerGroup(
      GroupOptions options,
      Trust trust,
      GroupDoor door,
      PeerNetwork network,
      Consumer<String> say) {
    this.options = options;
    this.trust = trust;
    this.door = door;
    this.network = network;
    this.say = say;
  }

  /**
   * Finds this controller's place: by the record in its directory, or by forming a group with those
   * that it is given, or by joining theirs. Waits for as long as that takes.
   *
   * @param say told what is waited for
   * @throws GroupRefused when it has no place as it is
   * @throws IOException when its port or its directory cannot be used
   */
  public static ControllerGroup enter(GroupOptions options, Trust trust, Consumer<String> say)
      throws GroupRefused, IOException, InterruptedException {
    Optional<MemberIdentity> known = Optional.empty();
    Optional<DamagedDataException> damage = Optional.empty();
    try {
      known = MemberIdentity.load(options.data());
    } catch (DamagedDataException e) {
      damage = Optional.of(withList(options, e));
    }
    Optional<JoinToken> token = damage.isPresent() ? Optional.empty() : token(options);
    String id = id(options, known, token);
    String address =
        known.isPresent()
            ? known.get().address()
            : token.isPresent() ? token.get().address() : options.peers().get(id);
    if (address == null) {
      throw new GroupRefused("--peers does not say where " + id + " itself is");
    }
    GroupDoor door = new GroupDoor(trust);
    // one that comes back is expected by the others, who try to reach it already
    TlsIdentity shown = known.map(TlsIdentity::of).orElseGet(TlsIdentity::none);
    PeerNetwork network = new PeerNetwork(PeerAddress.resolve(address), door, shown);
    ControllerGroup group = new ControllerGroup(options, trust, door, network, say);
    boolean entered = false;
    try {
      MemberIdentity identity;
      if (damage.isPresent()) {
        identity = group.replaced(id, Optional.empty(), damage.get());
      } else if (known.isPresent()) {
        identity = group.returning(known.get());
      } else if (token.isPresent()) {
        identity = Formation.join(token.get(), options, trust, say);
      } else {
        Formation formation = new Formation(options, id, trust, say);
        door.open(formation);
        identity = formation.form();
      }
      group.become(identity);
      entered = true;
      return group;
    } finally {
      if (!entered) {
        group.close();
      }
    }
  }

  /**
   * The record is what tells who this is and where the others are: without it both are asked for.
   */
  private static DamagedDataException withList(GroupOptions options, DamagedDataException damage)
      throws GroupRefused {
    if (options.id().isEmpty() || options.peers().size() < 2) {
      throw new GroupRefused(
          damage.getMessage()
              + "\nIt says who this controller is. Start it with --id and --peers, as the others"
              + " know it, and it comes back from them; or put a sound copy of the file back.");
    }
    return damage;
  }

  private static Optional<JoinToken> token(GroupOptions options) throws GroupRefused {
    if (options.token().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        JoinToken.parse(options.token().get())
            .orElseThrow(() -> new GroupRefused("--join: that is not a whole token")));
  }

  private static String id(
      GroupOptions options, Optional<MemberIdentity> known, Optional<JoinToken> token)
      throws GroupRefused {
    if (known.isPresent()) {
      String own = known.get().id();
      if (options.id().isPresent() && !options.id().get().equals(own)) {
        throw new GroupRefused(
            options.data() + " belongs to the member " + own + ", not to " + options.id().get());
      }
      return own;
    }
    if (token.isPresent()) {
      return token.get().id();
    }
    return options
        .id()
        .orElseThrow(() -> new GroupRefused("--peers needs --id, to know which of them this is"));
  }

  /** A directory's own record counts; what --peers adds may help to find the others. */
  private MemberIdentity returning(MemberIdentity known)
      throws GroupRefused, IOException, InterruptedException {
    Map<String, String> peers = new LinkedHashMap<>(options.peers());
    for (Map.Entry<String, String> recorded : known.peers().entrySet()) {
      String given = peers.put(recorded.getKey(), recorded.getValue());
      if (given != null && !given.equals(recorded.getValue())) {
        say.accept(
            "--peers says that "
                + recorded.getKey()
                + " is at "
                + given
                + ": the group knows it at "
                + recorded.getValue());
      }
    }
    MemberIdentity own = known.withPeers(peers);
    if (own.admitted()) {
      checkStanding(own, peers);
    }
    boolean founding = own.founder() && !own.admitted();
    if (!founding && !Replicator.isBegun(options.data(), own.group())) {
      // perhaps it was never begun; but it may have promised something, and lost that
      return replaced(
          own.id(),
          Optional.of(own),
          new DamagedDataException(
              options.data().resolve(own.group().toString()),
              "the log of " + own.name() + " is gone"));
    }
    return own;
  }

  /** From now on this is who the others know, and whom they may ask. */
  private void become(MemberIdentity next) {
    identity = next;
    network.become(next);
    door.open(new MemberDoor(this));
  }

  private MemberIdentity replaced(
      String id, Optional<MemberIdentity> known, DamagedDataException damage)
      throws GroupRefused, IOException, InterruptedException {
    boolean counts = known.map(MemberIdentity::admitted).orElse(true);
    door.open(new DamagedDoor(id, counts));
    return new Replacement(options, id, known, trust, damage, say).await();
  }

  /**
   * What is answered while the data is damaged.
   *
   * @param counts whether the group may miss this copy
   */
  private record DamagedDoor(String id, boolean counts) implements GroupDoor.Host {
    @Override
    public Map<String, String> answer(Optional<String> member, DoorWire request) {
      return request.get(DoorField.OPERATION).equals(DoorField.PROBE)
          ? Map.of(
              DoorField.OUTCOME,
              DoorField.DONE,
              DoorField.STATE,
              DoorField.MEMBER,
              DoorField.ID,
              id,
              DoorField.DAMAGED,
              counts ? "1" : "")
          : Answers.waitFor("the data of " + id + " is damaged: it waits to be replaced");
    }
  }

  /**
   * Starts this member's replica. When its data is damaged, waits until another name has been given
   * to it by the group, sets the data aside, and starts it empty; the group then fills it.
   *
   * @throws GroupRefused when the data is damaged and nobody can have another copy
   */
  public <S, R, D> Replicator<S, R, D> start(
      ReplicationSettings base, ReplicatedState<S, R, D> replicated, FaultHandler faults)
      throws GroupRefused, IOException, InterruptedException {
    try {
      return Replicator.start(settings(base), replicated, faults);
    } catch (DamagedDataException damage) {
      become(replaced(identity.id(), Optional.of(identity), damage));
      return Replicator.start(settings(base), replicated, faults);
    }
  }

  /** Whoever is asked first and knows the leader gives its answer: then no other need be asked. */
  private static void checkStanding(MemberIdentity own, Map<String, String> peers)
      throws GroupRefused {
    for (Map.Entry<String, String> peer : peers.entrySet()) {
      if (!peer.getKey().equals(own.id()) && stands(own, peer.getValue())) {
        return;
      }
    }
  }

  /** Returns whether the leader says that this is a member still. */
  private static boolean stands(MemberIdentity own, String address) throws GroupRefused {
    try {
      DoorWire answer =
          DoorClient.ask(address, Map.of(DoorField.OPERATION, DoorField.STAND), own, STAND_WITHIN);
      if (answer.get(DoorField.OUTCOME).equals(DoorField.REFUSED)) {
        throw new GroupRefused(answer.get(DoorField.WHY));
      }
      return answer.get(DoorField.OUTCOME).equals(DoorField.DONE);
    } catch (IOException e) {
      LOG.info("{} does not say whether this is a member still: {}", address, e.getMessage());
      return false;
    }
  }

  /** Returns settings with this group's members and network. */
  public ReplicationSettings settings(ReplicationSettings base) {
    MemberIdentity own = identity;
    return base.inGroup(
        own.group(), own.name(), own.founder() ? List.of(own.name()) : List.of(), network);
  }

  /** Returns this member's name for people. */
  public String id() {
    return identity.id();
  }

  /** The replica runs: members are answered, and this one is taken in if it is not yet. */
  public <S, D> void begin(Replicator<S, ?, D> replicator) throws IOException {
    if (identity.founder() && !identity.admitted()) {
      // before anybody is let in: from now on an empty directory is a lost one
      MemberIdentity begun = identity.asAdmitted();
      begun.save(options.data());
      identity = begun;
    }
    replicator.follow(new LeadWatch<>());
    running = new Running(replicator, new GroupOperations(replicator.group(), () -> identity));
    ScheduledFuture<?> unused =
        timer.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    try {
      if (!identity.admitted()) {
        askAdmission();
      }
      keepAddresses();
      if (issuedAt().plus(RENEW_AFTER).isBefore(Instant.now())) {
        renew();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("what a member does from time to time failed", e);
    }
  }

  private Instant issuedAt() {
    return identity.certificate().getNotAfter().toInstant().minus(Certificates.MEMBER_LIFE);
  }

  MemberIdentity identity() {
    return identity;
  }

  PeerNetwork network() {
    return network;
  }

  /** Returns the replica; null while it does not run. */
  Running running() {
    return running;
  }

  private void askAdmission() throws IOException {
    MemberIdentity own = identity;
    for (Map.Entry<String, String> peer : own.peers().entrySet()) {
      if (peer.getKey().equals(own.id())) {
        continue;
      }
      try {
        DoorWire answer =
            DoorClient.ask(
                peer.getValue(),
                Map.of(
                    DoorField.OPERATION,
                    DoorField.ADMIT,
                    DoorField.ADDRESS,
                    own.address(),
                    DoorField.FORMERS,
                    String.join(",", own.formers())),
                own,
                ADMIT_WITHIN);
        if (answer.get(DoorField.OUTCOME).equals(DoorField.DONE)) {
          MemberIdentity admitted = own.asAdmitted();
          admitted.save(options.data());
          identity = admitted;
          say.accept("is a member of the group");
          return;
        }
        LOG.info("not taken in by {}: {}", peer.getKey(), answer.get(DoorField.WHY));
      } catch (IOException e) {
        LOG.info("not taken in by {}: {}", peer.getKey(), e.getMessage());
      }
    }
  }

  /** The record says where the others are, for the next start and for commands. */
  private void keepAddresses() throws IOException {
    GroupView view = running.replicator().group().view();
    if (view.member(view.self()).isEmpty()) {
      return;
    }
    keepVoters(view);
    if (view.members().size() < 2) {
      return;
    }
    Map<String, String> now = new LinkedHashMap<>();
    for (GroupMember member : view.members()) {
      if (PeerAddress.isValid(member.address())) {
        now.put(MemberName.id(member.name()), member.address());
      }
    }
    now.put(identity.id(), identity.address());
    for (Map.Entry<String, String> expected : options.peers().entrySet()) {
      now.putIfAbsent(expected.getKey(), expected.getValue());
    }
    if (!now.equals(identity.peers())) {
      MemberIdentity updated = identity.withPeers(now);
      updated.save(options.data());
      identity = updated;
    }
  }

  private void keepVoters(GroupView view) throws IOException {
    List<String> voters =
        view.members().stream().map(member -> MemberName.id(member.name())).sorted().toList();
    if (!voters.equals(identity.voters())) {
      MemberIdentity updated = identity.withVoters(voters);
      updated.save(options.data());
      identity = updated;
    }
  }

  /** Makes a new key and certificate; new connections are made with them. */
  synchronized void renew() throws IOException {
    MemberIdentity fresh = identity.renewed(Instant.now());
    fresh.save(options.data());
    identity = fresh;
    network.become(fresh);
    LOG.info("a new certificate, good until {}", fresh.certificate().getNotAfter());
  }

  /**
   * Asks the leader to hand the lead to this member.
   *
   * @return whether this member leads then
   */
  public CompletionStage<Boolean> takeLead() {
    return CompletableFuture.supplyAsync(this::askForLead, timer);
  }

  private boolean askForLead() {
    GroupView view = running.replicator().group().view();
    if (view.leads() || view.leader().isEmpty()) {
      return view.leads();
    }
    Map<String, String> request =
        Map.of(DoorField.OPERATION, DoorField.TRANSFER, DoorField.ID, identity.id());
    try {
      DoorWire answer = network.ask(view.leader().get(), request, LEAD_WITHIN);
      return answer.get(DoorField.OUTCOME).equals(DoorField.DONE);
    } catch (IOException e) {
      LOG.warn("the lead was asked for, and not given", e);
      return false;
    }
  }

  /** What other members ask this one by {@link #askLeader} is answered by {@code questions}. */
  public void answerMembers(Function<byte[], CompletionStage<byte[]>> questions) {
    network
        .requests()
        .answer(
            (member, question) ->
                running.replicator().group().view().member(member).isEmpty()
                    ? CompletableFuture.failedStage(new IOException(member + " is not a member"))
                    : questions.apply(question));
  }

  /**
   * Asks the member that leads.
   *
   * @return its answer, which fails when there is none within a second; empty when this member
   *     leads, or none
   */
  public Optional<CompletionStage<byte[]>> askLeader(byte[] question) {
    GroupView view = running.replicator().group().view();
    return view.leads()
        ? Optional.empty()
        : view.leader()
            .map(leader -> network.call(leader, Frame.Kind.QUESTION, question, QUESTION_WITHIN));
  }

  /** Returns who belongs to the group, who leads, and how far they are; names and values. */
  public Map<String, String> status() {
    return GroupStatus.of(identity, running.replicator().group().view(), failover);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    network.close();
  }

  /** Measures how long nobody led before this member did. */
  private final class LeadWatch<S, D> implements StateFollower<S, D> {
    @Override
    public void loaded(StateAt<S> current) {}

    @Override
    public void changed(StateAt<S> current, List<D> deltas) {}

    @Override
    public void leading(long term) {
      long heard = network.requests().leaderHeardNanos();
      if (heard == 0) {
        LOG.info("leads, in term {}", term);
        return;
      }
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heard);
      failover = new GroupStatus.Failover(Instant.now(), millis);
      LOG.info("leads, in term {}; the last leader was heard of {} ms ago", term, millis);
    }
  }
}

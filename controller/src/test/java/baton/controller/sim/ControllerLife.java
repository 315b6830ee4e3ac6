package baton.controller.sim;

import baton.controller.apply.Delta;
import baton.controller.apply.Reply;
import baton.controller.clock.TimeSource;
import baton.controller.command.Command;
import baton.controller.command.Configure;
import baton.controller.fault.FaultHandler;
import baton.controller.journal.ClusterLog;
import baton.controller.journal.CommandCodec;
import baton.controller.model.BlobId;
import baton.controller.model.ClusterState;
import baton.controller.model.NodeName;
import baton.controller.replication.Applied;
import baton.controller.replication.ReplicatedState;
import baton.controller.replication.SimulatedProposals;
import baton.controller.replication.SimulatedProposals.LeaderNow;
import baton.controller.replication.SimulatedProposals.Sent;
import baton.controller.replication.SimulatedProposals.Taken;
import baton.controller.replication.StateAt;
import baton.controller.replication.StateFollower;
import baton.controller.replication.Submission;
import baton.controller.rpc.HandlerTable;
import baton.controller.rpc.node.NodeHandlers;
import baton.controller.sim.Timeline.Actor;
import baton.controller.snapshot.LogPosition;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import baton.protocol.type.Uid;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One life of a controller: its replica, its agents and its handlers, all of them production's. */
final class ControllerLife
    implements ClusterLog, RaftMember.Surroundings, SimulatedProposals.Threads, FaultHandler {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int ENTRIES_KEPT = 20;

  private record Key(long client, long number) {}

  private final ControllerMachine machine;
  private final ControllerMachine.World world;
  private final Actor process;
  private final Chance chance;
  private final ReplicatedState<ClusterState, Reply, Delta> replicated;
  private final SimulatedProposals<Reply> proposals;
  private final Map<Key, Long> known = new HashMap<>();
  private final Map<Long, List<Consumer<Taken>>> waiting = new HashMap<>();
  private final List<StateFollower<ClusterState, Delta>> followers = new ArrayList<>();
  private final HandlerTable handlers;
  private final Agents agents;
  private final RaftMember raft;
  private final Proof proof;
  private StateAt<ClusterState> published;
  private List<Delta> deltas = new ArrayList<>();
  private boolean deliveryPlanned;
  private boolean configured;
  private boolean othersLed;
  private boolean starting = true;

  ControllerLife(ControllerMachine machine, Actor process, Chance chance) {
    this.machine = machine;
    this.world = machine.world();
    this.proof = new Proof(this);
    this.process = process;
    this.chance = chance;
    this.replicated = world.replicated(machine.clock());
    this.published = load(machine.disk().snapshot());
    this.proposals = new SimulatedProposals<>(chance.bits(), this::leaderNow, this::send, this);
    this.raft =
        new RaftMember(
            machine.id(), world.shape().controllers(), machine.disk(), this, chance.of("raft"));
    this.agents = new Agents(this, world.plant().log(this), followers::add);
    agents.start();
    HandlerTable.Builder table = HandlerTable.builder();
    new NodeHandlers(this, Uid.ROOT, () -> PATIENCE).register(table);
    this.handlers = table.build(this::pass);
    this.starting = false;
    feed(() -> followers.forEach(follower -> follower.loaded(published)));
  }

  ControllerMachine machine() {
    return machine;
  }

  Actor process() {
    return process;
  }

  Chance chance() {
    return chance;
  }

  TimeSource clock() {
    return machine.clock();
  }

  RaftMember raft() {
    return raft;
  }

  StateAt<ClusterState> published() {
    return published;
  }

  /** A node says that a launch came twice. */
  void doubtLaunch(NodeName node, Duration wait) {
    agents.doubtLaunch(node, wait);
  }

  /** Answers slurmd and slurmstepd. */
  CompletionStage<Answer> handle(Request request) {
    return handlers.handle(request);
  }

  /** As long as there is no configuration nobody is answered. */
  private CompletionStage<Answer> pass(Request request, Supplier<CompletionStage<Answer>> handle) {
    return state().nodes().isEmpty()
        ? CompletableFuture.completedStage(Answer.none())
        : handle.get();
  }

  // --- the log as the rest of a controller sees it ---

  @Override
  public CompletionStage<Submission<Reply>> submit(Command command) {
    return proposals.submit(CommandCodec.encode(command));
  }

  @Override
  public CompletionStage<Submission<Reply>> propose(Command command, Duration patience) {
    return proposals.propose(CommandCodec.encode(command), patience);
  }

  /** What a client asks for. */
  CompletionStage<Submission<Reply>> propose(Command command) {
    return propose(command, PATIENCE);
  }

  @Override
  public boolean mayAct(Runnable then) {
    return proof.isFresh(then);
  }

  @Override
  public ClusterState state() {
    return published.state();
  }

  @Override
  public boolean isLeader() {
    return raft != null && raft.leads();
  }

  @Override
  public Instant now() {
    Instant now = machine.clock().now().truncatedTo(ChronoUnit.SECONDS);
    Instant last = state().facts().now();
    return last != null && last.isAfter(now) ? last : now;
  }

  @Override
  public Optional<byte[]> blob(BlobId id) {
    return Optional.ofNullable(machine.blobs().get(id));
  }

  // --- what is proposed on its way to who leads ---

  private LeaderNow leaderNow() {
    if (raft == null || raft.leader() < 0) {
      return new LeaderNow(null, -1, false);
    }
    boolean own = raft.leader() == machine.id();
    if (own && !raft.leads()) {
      return new LeaderNow(null, -1, false);
    }
    return new LeaderNow(ControllerMachine.nameOf(raft.leader()), raft.term(), own);
  }

  private void send(Sent sent, Consumer<Taken> told) {
    if (sent.own()) {
      take(sent, told);
      return;
    }
    int leader = sent.leader().charAt(1) - '1';
    ControllerMachine there = world.controllers().get(leader);
    world
        .network()
        .<Taken>ask(
            machine.id(),
            process,
            leader,
            there::listener,
            answer -> there.life().take(sent, answer),
            answered ->
                told.accept(
                    answered instanceof Network.Answered.Told<Taken> answer
                        ? answer.answer()
                        : Taken.NO_ANSWER));
  }

  /** An entry comes in; a repeat of one that is in the log waits for that. */
  private void take(Sent sent, Consumer<Taken> told) {
    if (!raft.leads()) {
      told.accept(Taken.NOT_LEADER);
      return;
    }
    Long there = known.get(new Key(sent.client(), sent.number()));
    if (there != null && there <= raft.appliedIndex()) {
      told.accept(Taken.YES);
      return;
    }
    if (there == null) {
      if (sent.own()) {
        proposals.loggedHere(sent.number());
      }
      there = machine.disk().lastIndex() + 1;
      known.put(new Key(sent.client(), sent.number()), there);
      waiting.computeIfAbsent(there, index -> new ArrayList<>()).add(told);
      raft.append(sent.client(), sent.number(), sent.frame());
    } else {
      waiting.computeIfAbsent(there, index -> new ArrayList<>()).add(told);
    }
  }

  // --- the replica ---

  private StateAt<ClusterState> load(Disk.Snapshot snapshot) {
    if (snapshot.position().index() < 0) {
      return new StateAt<>(replicated.initial(), LogPosition.BEFORE_FIRST);
    }
    try {
      ClusterState state = replicated.read(new ByteArrayInputStream(snapshot.state()));
      return new StateAt<>(state, snapshot.position());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void apply(Disk.Entry entry) {
    LogPosition position = new LogPosition(entry.term(), entry.index());
    known.put(new Key(entry.client(), entry.number()), entry.index());
    boolean counted =
        proposals.apply(
            entry.frame(),
            position,
            world.plant().checksStamps(),
            commands -> apply(commands, position));
    if (!counted) {
      published = new StateAt<>(published.state(), position);
      world.auditor().applied(position, List.of(), published.state());
    }
    List<Consumer<Taken>> answered = waiting.remove(entry.index());
    if (answered != null) {
      answered.forEach(told -> told.accept(Taken.YES));
    }
    if (entry.index() - machine.disk().snapshot().position().index()
        >= world.shape().snapshotEvery()) {
      machine.disk().snapshot(new Disk.Snapshot(position, bytes(published.state())), ENTRIES_KEPT);
    }
  }

  private List<Reply> apply(List<byte[]> commands, LogPosition position) {
    ClusterState state = published.state();
    List<Reply> replies = new ArrayList<>(commands.size());
    for (byte[] command : commands) {
      Applied<ClusterState, Reply, Delta> applied = replicated.apply(state, command);
      machine.blobs().putAll(applied.blobs());
      state = applied.next();
      replies.add(applied.reply());
      deltas.add(applied.delta());
    }
    published = new StateAt<>(state, position);
    world.auditor().applied(position, replies, state);
    planDelivery();
    return replies;
  }

  private byte[] bytes(ClusterState state) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      replicated.write(state, out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void install(Disk.Snapshot snapshot) {
    published = load(snapshot);
    known.clear();
    deltas = new ArrayList<>();
    world.controllers().forEach(other -> machine.blobs().putAll(other.blobs()));
    proposals.skippedTo(snapshot.position().term());
    feed(() -> followers.forEach(follower -> follower.loaded(published)));
  }

  @Override
  public void leads(boolean leading) {
    world.trace().say(machine.name(), leading ? "leads" : "leads no more", "in", raft.term());
    if (leading) {
      long term = raft.term();
      feed(() -> followers.forEach(follower -> follower.leading(term)));
      configure();
    } else {
      List<List<Consumer<Taken>>> all = List.copyOf(waiting.values());
      waiting.clear();
      known.values().removeIf(index -> index > raft.appliedIndex());
      all.forEach(told -> told.forEach(one -> one.accept(Taken.NOT_LEADER)));
      feed(() -> followers.forEach(StateFollower::notLeading));
    }
    leaderChanged();
  }

  @Override
  public void leaderChanged() {
    othersLed |= raft != null && raft.leader() >= 0 && raft.leader() != machine.id();
    // as in production another thread is told
    timeline().after(0, process, proposals::leadChanged);
  }

  /** What the leader has read from slurm.conf, where nobody led before. */
  private void configure() {
    if (!configured && !othersLed) {
      configured = true;
      submit(Configure.builder().time(now()).config(world.shape().config()).start(true).build())
          .thenAccept(submission -> configured = submission instanceof Submission.Committed<Reply>);
    }
  }

  private void planDelivery() {
    if (!deliveryPlanned) {
      deliveryPlanned = true;
      feed(this::deliver);
    }
  }

  private void deliver() {
    deliveryPlanned = false;
    List<Delta> news = deltas;
    deltas = new ArrayList<>();
    if (!news.isEmpty()) {
      StateAt<ClusterState> current = published;
      followers.forEach(follower -> follower.changed(current, news));
    }
  }

  /** Something for the feed's thread, which is in order. */
  private void feed(Runnable event) {
    timeline().after(starting ? 0 : Timeline.MILLI, process, event);
  }

  // --- threads, timers and faults ---

  private Timeline timeline() {
    return world.timeline();
  }

  @Override
  public void send(int member, RaftMessage message) {
    ControllerMachine there = world.controllers().get(member);
    Actor receiver = there.listener();
    if (receiver != null) {
      world
          .network()
          .send(machine.id(), member, receiver, () -> there.life().raft().receive(message));
    }
  }

  @Override
  public void after(long nanos, Runnable work) {
    timeline().after(nanos, process, work);
  }

  @Override
  public long nowNanos() {
    return timeline().now();
  }

  @Override
  public long syncNanos() {
    return chance.between(500, 8000) * Timeline.MILLI / 1000;
  }

  @Override
  public long nanoTime() {
    return machine.clock().monotonicNanos();
  }

  @Override
  public void after(Duration wait, Runnable work) {
    timeline().after(wait.toNanos(), process, work);
  }

  @Override
  public void answer(Runnable work) {
    timeline().after(chance.between(0, Timeline.MILLI), process, work);
  }

  @Override
  public void fatal(String what, Throwable cause) {
    throw new IllegalStateException(what, cause);
  }

  @Override
  public void report(String what, Throwable cause) {
    throw new IllegalStateException(what, cause);
  }
}

package baton.controller.scheduler.select;

import baton.controller.lifecycle.StandIn;
import baton.controller.model.Allocation;
import baton.controller.model.ClusterState;
import baton.controller.model.Holding;
import baton.controller.model.Job;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is held on each node during a span of time, while one plan is made: what running jobs hold
 * until their time limit, and what the plan has given out or set aside. Lives within one planning;
 * not for sharing between threads.
 */
public final class Pool {
  private static final int MEMORY = 0x10;

  /** What the plan promised, and when it is used. */
  private record Promise(Holding holding, Instant from, Instant until, boolean shares) {}

  private final ClusterState snapshot;
  private final Instant now;
  private final Map<NodeName, List<Promise>> promised;
  private final Map<NodeName, Set<String>> features;
  private final Instant from;
  private final Instant until;

  /** Who runs at this moment is taken to hold what it holds; at or before {@code from}. */
  private final Instant heldAt;

  /** The pool as it is at {@code now}. */
  public Pool(ClusterState snapshot, Instant now) {
    this(snapshot, now, new HashMap<>(), new HashMap<>(), now, Instant.MAX, now);
  }

  private Pool(
      ClusterState snapshot,
      Instant now,
      Map<NodeName, List<Promise>> promised,
      Map<NodeName, Set<String>> features,
      Instant from,
      Instant until,
      Instant heldAt) {
    this.snapshot = snapshot;
    this.now = now;
    this.promised = promised;
    this.features = features;
    this.from = from;
    this.until = until;
    this.heldAt = heldAt;
  }

  /** The same pool, for a job that runs from {@code start} until {@code end}. */
  public Pool during(Instant start, Instant end) {
    return new Pool(snapshot, now, promised, features, start, end, start);
  }

  /** The same, but what runs now is taken to hold its cores and memory until then. */
  public Pool besidesWhatRuns(Instant start, Instant end) {
    return new Pool(snapshot, now, promised, features, start, end, now);
  }

  /** A pool of the same nodes that nobody uses. */
  public Pool idle() {
    return new Pool(snapshot, now, Map.of(), features, Instant.MAX, Instant.MAX, Instant.MAX);
  }

  Node node(NodeName name) {
    return snapshot.nodes().get(name).orElse(null);
  }

  int orderOf(NodeName name) {
    return snapshot.order().indexOf(name);
  }

  Set<String> featuresOf(Node node) {
    return features.computeIfAbsent(
        node.name(),
        name ->
            node.featuresActive() == null
                ? Set.of()
                : new HashSet<>(Arrays.asList(node.featuresActive().split(",", -1))));
  }

  boolean memoryIsConsumed() {
    return (snapshot.config().selectTypeParameters() & MEMORY) != 0;
  }

  int selectParameters(Partition partition) {
    int own = partition.crType();
    int cluster = snapshot.config().selectTypeParameters();
    return own == 0 ? cluster : (cluster & ~0xf) | (own & 0xf);
  }

  boolean wholeNodesOnly() {
    return snapshot.config().selectType().equals("select/linear");
  }

  /** From 23.02 a node offers a job no cores beyond those that whole tasks fill. */
  boolean offersWholeTasks() {
    return StandIn.isAtLeast(snapshot.config(), Release.V23_02);
  }

  /** From 24.11 CPUs follow the number of tasks that was asked for, not the CPUs that were. */
  boolean laysOutGivenTasks() {
    return StandIn.isAtLeast(snapshot.config(), Release.V24_11);
  }

  /**
   * True if a node may still run what it was given up with. It is asked to end that, so this is
   * about the present alone.
   */
  boolean isFenced(NodeName name) {
    return snapshot.isFenced(name) && !heldAt.isAfter(now);
  }

  List<Holding> heldOn(NodeName name) {
    List<Holding> held = new ArrayList<>();
    for (Holding holding : snapshot.holdingsOn(name)) {
      if (endOf(holding.jobId()).isAfter(heldAt)) {
        held.add(holding);
      }
    }
    for (Promise promise : promised.getOrDefault(name, List.of())) {
      boolean then = promise.until().isAfter(from) && promise.from().isBefore(until);
      boolean before = promise.until().isAfter(heldAt) && !promise.from().isAfter(heldAt);
      if (then || before) {
        held.add(promise.holding());
      }
    }
    return held;
  }

  /** True if the holder lets others use its cores. */
  boolean shares(Holding holding) {
    Job job = snapshot.jobs().get(holding.jobId()).orElse(null);
    if (job != null && !job.allocation().isEmpty()) {
      return job.allocation().get(0).oversubscribed();
    }
    for (Promise promise : promised.getOrDefault(holding.share().node(), List.of())) {
      if (promise.holding().equals(holding)) {
        return promise.shares();
      }
    }
    return false;
  }

  /** When a running job is expected to have left its nodes; never before a moment from now. */
  public Instant endOf(JobId id) {
    Job job = snapshot.jobs().get(id).orElse(null);
    Instant soon = now.plusSeconds(1);
    if (job == null || job.endTime() == null || job.endTime().isBefore(soon)) {
      return soon;
    }
    return job.endTime();
  }

  /** Sets an allocation of this plan aside. */
  public void promise(
      Job job, Partition partition, Allocation allocation, Instant start, Instant end) {
    for (NodeAllocation share : allocation.nodes()) {
      Holding holding =
          new Holding(
              job.id(),
              partition.name(),
              job.request().userId(),
              share,
              allocation.wholeNode(),
              false);
      promised
          .computeIfAbsent(share.node(), name -> new ArrayList<>())
          .add(new Promise(holding, start, end, allocation.oversubscribed()));
    }
  }
}

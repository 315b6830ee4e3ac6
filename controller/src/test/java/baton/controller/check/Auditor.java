package baton.controller.check;

import baton.controller.apply.Reply;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeState;
import baton.controller.snapshot.LogPosition;
import baton.protocol.type.NoVal;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Checks the invariants of a cluster by what was told to users, what nodes really run, and what
 * every replica makes of each entry. It keeps its own books, and takes from the state no more than
 * what was decided. The first violation is kept. One thread.
 */
public final class Auditor {
  private static final long COMPLETING = 0x8000;
  private static final long NANOS = 1_000_000_000;

  /** How far two clocks are apart at most. */
  private static final long CLOCKS_SECONDS = 8;

  private final LongSupplier now;
  private final long startSeconds;
  private final long memoryOfNode;
  private final StateBook states = new StateBook();
  private final Map<Long, JobBook> jobs = new TreeMap<>();
  private final Map<String, NodeBook> nodes = new TreeMap<>();
  private final Map<String, Set<Long>> idsOfToken = new HashMap<>();
  private final Map<String, Integer> tasksOfToken = new HashMap<>();
  private final Map<Long, String> acknowledged = new TreeMap<>();
  private final Set<String> cancelAsked = new HashSet<>();
  private final Set<String> requeueAsked = new HashSet<>();
  private final Set<Long> present = new HashSet<>();
  private Violation violation;
  private ClusterState last;
  private int scripts;

  /**
   * @param now the time, in nanoseconds
   * @param startSeconds what clocks show when that is 0, in seconds of the epoch
   * @param memoryOfNode MiB that each node has
   */
  public Auditor(LongSupplier now, long startSeconds, long memoryOfNode) {
    this.now = now;
    this.startSeconds = startSeconds;
    this.memoryOfNode = memoryOfNode;
  }

  /** The first thing that was wrong; null while nothing is. */
  public Violation violation() {
    return violation;
  }

  /** Something is wrong. */
  public void found(String invariant, String what) {
    if (violation == null) {
      violation = new Violation(invariant, what);
    }
  }

  /** Scripts that were started. */
  public int scripts() {
    return scripts;
  }

  /** Jobs that users were told of. */
  public int acknowledged() {
    return acknowledged.size();
  }

  /** Index of the newest entry that was applied anywhere; -1 for none. */
  public long newestIndex() {
    return states.newest();
  }

  /** The state after the newest entry that was applied anywhere. */
  public ClusterState newest() {
    return last;
  }

  // --- what users do ---

  /** A user is about to submit something under a name of its own, with that many tasks. */
  public void submitting(String token, int tasks) {
    tasksOfToken.put(token, tasks);
    idsOfToken.put(token, new HashSet<>());
  }

  /** A user was told that his job is accepted. */
  public void acknowledged(String token, long id) {
    JobBook book = jobs.get(id);
    if (book == null) {
      found("I1", "job " + id + " (" + token + ") was acknowledged and is in no log");
    } else if (!book.token.equals(token)) {
      found("I5", book + " was acknowledged to who submitted " + token);
    }
    acknowledged.put(id, token);
  }

  /** A user is about to cancel a job, or all tasks of its array. */
  public void cancelAsked(long id) {
    JobBook book = jobs.get(id);
    if (book != null) {
      cancelAsked.add(book.token);
    }
  }

  /** A user is about to requeue a job, or all tasks of its array. */
  public void requeueAsked(long id) {
    JobBook book = jobs.get(id);
    if (book != null) {
      requeueAsked.add(book.token);
    }
  }

  // --- what controllers do ---

  /** A controller sends the launch of a run. */
  public void launchSent(String controller, long id, int restartCount) {
    JobBook book = jobs.get(id);
    if (book == null) {
      found("I9", controller + " launches job " + id + ", which is in no log");
      return;
    }
    String first = book.senders.putIfAbsent(restartCount, controller);
    if (first != null && !first.equals(controller)) {
      found("I9", book + " is launched by " + first + " and by " + controller);
    }
  }

  /** A controller has applied an entry. */
  @SuppressWarnings("ReferenceEquality") // tables that are the same need not be looked at again
  public void applied(LogPosition position, List<Reply> replies, ClusterState state) {
    boolean first = position.index() > states.newest();
    String differs = states.applied(position, replies, state);
    if (differs != null) {
      found("I4", differs);
    }
    if (first) {
      if (last == null || last.jobs() != state.jobs() || last.nodes() != state.nodes()) {
        look(state);
      }
      last = state;
    }
  }

  /** Checks at the end that all replicas are the same. */
  public void compare(String who, LogPosition position, ClusterState state) {
    if (position.index() != states.newest()) {
      found("live", who + " is at " + position + ", the newest entry is " + states.newest());
    } else if (StateBook.digest(state) != StateBook.digest(last)) {
      found("I4", who + " has another state at " + position);
    }
  }

  private void look(ClusterState state) {
    Map<String, BitSet> cores = new HashMap<>();
    Map<String, Long> memory = new HashMap<>();
    Set<Long> there = new HashSet<>();
    for (Job job : state.jobs().values()) {
      there.add(job.id().value());
      take(state, job);
      count(job, cores, memory);
    }
    for (Long id : present) {
      if (!there.contains(id) && !jobs.get(id).isFinished()) {
        found("I1", jobs.get(id) + " is gone and had not ended");
      }
    }
    present.clear();
    present.addAll(there);
    for (Node node : state.nodes().values()) {
      if (node.baseState() == NodeState.DOWN) {
        book(node.name().value()).uses.forEach(use -> use.orphan = true);
      }
    }
  }

  private void take(ClusterState state, Job job) {
    long id = job.id().value();
    JobBook book = jobs.get(id);
    String token = job.request().name();
    if (book == null) {
      book = new JobBook(id, token);
      jobs.put(id, book);
      Set<Long> ids = idsOfToken.computeIfAbsent(token, name -> new HashSet<>());
      ids.add(id);
      if (ids.size() > tasksOfToken.getOrDefault(token, 1)) {
        found("I5", token + " was submitted once and is there as jobs " + ids);
      }
    } else if (!book.token.equals(token) || (!present.contains(id) && book.isFinished())) {
      found("I5", "the id of " + book + " is given again, to " + token);
    }
    if (job.restartCount() < book.restartCount) {
      found("I5", book + " is in run " + job.restartCount() + " after " + book.restartCount);
    }
    boolean begins = job.state() == JobState.RUNNING && book.state != JobState.RUNNING;
    if (begins) {
      // an entry may be committed long after it was made, when all controllers were away
      long logged = (job.startTime().getEpochSecond() - startSeconds) * NANOS;
      book.runningSinceNanos = Math.min(now.getAsLong(), logged);
      book.nodeFailed = false;
    }
    if (!job.allocation().isEmpty()) {
      for (NodeAllocation share : job.allocation().get(0).nodes()) {
        Node node = state.nodes().get(share.node()).orElse(null);
        book.nodeFailed |= node == null || node.baseState() == NodeState.DOWN;
      }
    }
    book.nodeFailed |= job.failedNode() != null;
    if (job.timeLimitMinutes() != NoVal.INFINITE && job.timeLimitMinutes() != NoVal.NO_VAL) {
      book.limitSeconds = job.timeLimitMinutes() * 60;
    }
    book.state = job.state();
    book.restartCount = job.restartCount();
  }

  /** Counts what is given out, by the jobs alone. */
  private void count(Job job, Map<String, BitSet> cores, Map<String, Long> memory) {
    boolean active = job.state() == JobState.RUNNING || job.state() == JobState.SUSPENDED;
    boolean completing = (job.stateFlags() & COMPLETING) != 0;
    if (job.allocation().isEmpty() || !(active || completing)) {
      return;
    }
    for (NodeAllocation share : job.allocation().get(0).nodes()) {
      if (completing && !job.completingNodes().contains(share.node())) {
        continue;
      }
      String node = share.node().value();
      BitSet taken = cores.computeIfAbsent(node, name -> new BitSet());
      BitSet more = share.cores().toBitSet();
      if (taken.intersects(more)) {
        found("I3", "cores " + more + " of " + node + " are given to job " + job.id() + " too");
      }
      taken.or(more);
      if (memory.merge(node, share.memoryMiB(), Long::sum) > memoryOfNode) {
        found("I3", "more memory of " + node + " is given out than it has");
      }
    }
  }

  // --- what nodes do ---

  private NodeBook book(String node) {
    return nodes.computeIfAbsent(node, NodeBook::new);
  }

  public void scriptStarted(String node, long id, int restartCount, BitSet cores, long memoryMiB) {
    scripts++;
    JobBook job = jobs.get(id);
    if (job == null) {
      found("I2", "the script of job " + id + " starts on " + node + ", which is in no log");
      return;
    }
    if (job.starts.merge(restartCount, 1, Integer::sum) > 1) {
      found("I2", "the script of " + job + ", run " + restartCount + ", is started again");
    }
    for (NodeBook other : nodes.values()) {
      for (NodeBook.Use use : other.uses) {
        if (use.job == id && !use.over && !use.orphan) {
          found(
              "I2",
              job + ", run " + restartCount + ", starts while run " + use.restartCount + " runs");
        }
      }
    }
    NodeBook.Use next = new NodeBook.Use(id, restartCount, cores, memoryMiB);
    NodeBook.Use way = book(node).inTheWay(next, memoryOfNode);
    if (way != null) {
      found(
          "I3",
          job + " starts on cores " + cores + " of " + node + ", where job " + way.job + " is");
    }
    book(node).uses.add(next);
  }

  /** A script has ended by itself. */
  public void scriptEnded(String node, long id, int restartCount, int exitCode) {
    end(node, id, restartCount);
    JobBook job = jobs.get(id);
    if (job != null) {
      job.exits.put(restartCount, exitCode);
    }
  }

  /** A script was ended because a controller said so. */
  public void scriptKilled(String node, long id, int restartCount) {
    NodeBook.Use use = end(node, id, restartCount);
    JobBook job = jobs.get(id);
    if (job == null) {
      return;
    }
    boolean timeIsUp =
        now.getAsLong() - job.runningSinceNanos >= (job.limitSeconds - CLOCKS_SECONDS) * NANOS;
    boolean orphan = use != null && use.orphan;
    if (!(cancelAsked.contains(job.token)
        || requeueAsked.contains(job.token)
        || job.nodeFailed
        || orphan
        || timeIsUp)) {
      found("kill", job + ", run " + restartCount + ", is killed on " + node + " unasked");
    }
  }

  private NodeBook.Use end(String node, long id, int restartCount) {
    NodeBook.Use use = book(node).find(id, restartCount);
    if (use != null) {
      use.over = true;
    }
    return use;
  }

  /** A node has cleaned up after a job. */
  public void cleaned(String node, long id) {
    book(node).uses.removeIf(use -> use.job == id && use.over);
  }

  /** A node has died, and all that ran there. */
  public void nodeDied(String node) {
    book(node).uses.forEach(use -> lost(use.job));
    book(node).uses.clear();
  }

  /** A node has lost a job that it had taken, and has not started its script. */
  public void lost(long id) {
    JobBook job = jobs.get(id);
    if (job != null) {
      job.nodeFailed = true;
    }
  }

  // --- the end ---

  /** Everything has had its time: judges how each job ended. */
  public void judge() {
    for (Map.Entry<Long, String> each : acknowledged.entrySet()) {
      JobBook job = jobs.get(each.getKey());
      if (job == null) {
        found("I1", "job " + each.getKey() + " was acknowledged and is in no log");
      }
    }
    jobs.values().forEach(this::judge);
  }

  private void judge(JobBook job) {
    if (!job.isFinished()) {
      found("live", job + " is " + job.state + " for ever");
    } else if (job.state == JobState.CANCELLED && !cancelAsked.contains(job.token)) {
      found("kill", job + " was cancelled by nobody");
    } else if (job.state == JobState.COMPLETE && !isInteractive(job)) {
      Integer exit = job.exits.get(job.restartCount);
      if (exit == null || exit != 0) {
        found("lost", job + " counts as complete, its script ended with " + exit);
      }
    } else if (job.state == JobState.NODE_FAIL && !job.nodeFailed) {
      found("lost", job + " counts as lost with a node, and none was");
    }
  }

  private static boolean isInteractive(JobBook job) {
    return job.token.startsWith("salloc");
  }
}

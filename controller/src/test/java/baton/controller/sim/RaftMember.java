package baton.controller.sim;

import baton.controller.sim.RaftMessage.Append;
import baton.controller.sim.RaftMessage.Appended;
import baton.controller.sim.RaftMessage.AskVote;
import baton.controller.sim.RaftMessage.Install;
import baton.controller.sim.RaftMessage.Vote;
import java.util.Arrays;
import java.util.List;

/**
 * One life of a member of a Raft group: small, but as the paper has it. It stands in for Ratis,
 * which cannot be run without threads and a clock of its own.
 */
final class RaftMember {
  static final long BEAT = 500 * Timeline.MILLI;
  private static final long SHORTEST_PATIENCE = 1500;
  private static final long LONGEST_PATIENCE = 3000;
  private static final int MOST_ENTRIES = 64;

  /** What surrounds a member. */
  interface Surroundings {
    void send(int member, RaftMessage message);

    /** Plans something in this life of the process. */
    void after(long nanos, Runnable work);

    long nowNanos();

    /** How long a sync takes. */
    long syncNanos();

    void apply(Disk.Entry entry);

    void install(Disk.Snapshot snapshot);

    /** It has begun to lead and has applied all that was committed before; or it leads no more. */
    void leads(boolean leading);

    /** Somebody leads, as far as is known here, or nobody does any more. */
    void leaderChanged();
  }

  private enum Role {
    FOLLOWER,
    CANDIDATE,
    LEADER
  }

  private final int self;
  private final int size;
  private final Disk disk;
  private final Surroundings around;
  private final Chance chance;
  private Role role = Role.FOLLOWER;
  private int leader = -1;
  private boolean ready;
  private long committed;
  private long applied;
  private long syncedTo;
  private boolean syncing;
  private long heardNanos;
  private long patience;
  private boolean[] votes;
  private long[] next;
  private long[] match;
  private long[] heard;
  private boolean[] underWay;
  private long round;
  private Append unanswered;
  private long unansweredMatch;

  RaftMember(int self, int size, Disk disk, Surroundings around, Chance chance) {
    this.self = self;
    this.size = size;
    this.disk = disk;
    this.around = around;
    this.chance = chance;
    this.applied = disk.snapshot().position().index();
    this.committed = applied;
    this.syncedTo = disk.lastIndex();
    disk.synced(syncedTo);
    waitAnew(around.nowNanos());
    around.after(chance.between(0, BEAT), this::beat);
  }

  long term() {
    return disk.term();
  }

  /** The member that leads as far as is known here; -1 for none. */
  int leader() {
    return leader;
  }

  boolean leads() {
    return role == Role.LEADER && ready;
  }

  long appliedIndex() {
    return applied;
  }

  @Override
  public String toString() {
    return role
        + " of term "
        + disk.term()
        + ", snapshot "
        + disk.snapshot().position()
        + ", log "
        + disk.firstIndex()
        + ".."
        + disk.lastIndex()
        + ", synced "
        + syncedTo
        + ", committed "
        + committed
        + ", applied "
        + applied;
  }

  private void waitAnew(long now) {
    heardNanos = now;
    patience = chance.between(SHORTEST_PATIENCE, LONGEST_PATIENCE) * Timeline.MILLI;
  }

  private void beat() {
    around.after(BEAT, this::beat);
    if (role == Role.LEADER) {
      if (isDeserted()) {
        follow(disk.term(), -1);
        return;
      }
      for (int member = 0; member < size; member++) {
        if (member != self) {
          underWay[member] = false;
          replicate(member);
        }
      }
    } else if (around.nowNanos() - heardNanos > patience) {
      stand();
    }
  }

  /** Whether no majority has answered of late: somebody else may lead by now. */
  private boolean isDeserted() {
    int there = 1;
    for (int member = 0; member < size; member++) {
      if (member != self
          && around.nowNanos() - heard[member] <= LONGEST_PATIENCE * Timeline.MILLI) {
        there++;
      }
    }
    return there * 2 <= size;
  }

  // --- elections ---

  private void stand() {
    disk.vote(disk.term() + 1, self);
    become(Role.CANDIDATE, -1);
    waitAnew(around.nowNanos());
    votes = new boolean[size];
    votes[self] = true;
    long lastTerm = disk.termAt(disk.lastIndex());
    for (int member = 0; member < size; member++) {
      if (member != self) {
        around.send(member, new AskVote(disk.term(), self, disk.lastIndex(), lastTerm));
      }
    }
    count();
  }

  private void count() {
    int given = 0;
    for (boolean vote : votes) {
      given += vote ? 1 : 0;
    }
    if (role == Role.CANDIDATE && given * 2 > size) {
      lead();
    }
  }

  private void lead() {
    next = new long[size];
    match = new long[size];
    heard = new long[size];
    underWay = new boolean[size];
    Arrays.fill(next, disk.lastIndex() + 1);
    Arrays.fill(match, -1);
    Arrays.fill(heard, around.nowNanos());
    become(Role.LEADER, self);
    append(0, 0, new byte[0]);
  }

  private void follow(long term, int of) {
    if (term > disk.term()) {
      disk.vote(term, -1);
    }
    become(Role.FOLLOWER, of);
  }

  private void become(Role other, int of) {
    boolean led = role == Role.LEADER;
    boolean changed = leader != of || role != other;
    role = other;
    leader = of;
    if (led && other != Role.LEADER) {
      ready = false;
      around.leads(false);
      waitAnew(around.nowNanos());
    }
    if (changed) {
      around.leaderChanged();
    }
  }

  // --- the log of a leader ---

  /** Takes an entry into the log; only for {@link #leads}. Returns its index. */
  long append(long client, long number, byte[] frame) {
    long index = disk.lastIndex() + 1;
    disk.append(new Disk.Entry(disk.term(), index, client, number, frame));
    sync();
    for (int member = 0; member < size; member++) {
      if (member != self) {
        replicate(member);
      }
    }
    return index;
  }

  private void replicate(int member) {
    if (underWay[member]) {
      return;
    }
    underWay[member] = true;
    round++;
    long from = next[member];
    long previousTerm = disk.termAt(from - 1);
    if (from < disk.firstIndex() || (previousTerm < 0 && from > 0)) {
      around.send(member, new Install(disk.term(), self, disk.snapshot(), round));
      return;
    }
    List<Disk.Entry> entries = disk.from(from, MOST_ENTRIES);
    around.send(
        member, new Append(disk.term(), self, from - 1, previousTerm, entries, committed, round));
  }

  private void sync() {
    if (syncing) {
      return;
    }
    syncing = true;
    long target = disk.lastIndex();
    around.after(
        around.syncNanos(),
        () -> {
          syncing = false;
          disk.synced(target);
          syncedTo = Math.min(target, disk.lastIndex());
          if (role == Role.LEADER) {
            commit();
          }
          answer();
          if (disk.lastIndex() > syncedTo) {
            sync();
          }
        });
  }

  /** An entry of this term that a majority has on disk is committed, and all before it. */
  private void commit() {
    match[self] = syncedTo;
    long[] sorted = match.clone();
    Arrays.sort(sorted);
    long agreed = sorted[(size - 1) / 2];
    if (agreed > committed && disk.termAt(agreed) == disk.term()) {
      committed = agreed;
      apply();
    }
  }

  private void apply() {
    while (applied < committed && applied < disk.lastIndex()) {
      applied++;
      Disk.Entry entry = disk.entry(applied);
      around.apply(entry);
      if (role == Role.LEADER && !ready && entry.term() == disk.term()) {
        ready = true;
        around.leads(true);
      }
    }
  }

  // --- messages ---

  void receive(RaftMessage message) {
    if (message.term() > disk.term()) {
      follow(message.term(), -1);
    }
    if (message instanceof AskVote ask) {
      vote(ask);
    } else if (message instanceof Vote vote) {
      if (role == Role.CANDIDATE && vote.term() == disk.term() && vote.given()) {
        votes[vote.from()] = true;
        count();
      }
    } else if (message instanceof Append append) {
      appended(append);
    } else if (message instanceof Install install) {
      installed(install);
    } else if (message instanceof Appended appended) {
      heard(appended);
    }
  }

  private void vote(AskVote ask) {
    long lastTerm = disk.termAt(disk.lastIndex());
    boolean newer =
        ask.lastTerm() > lastTerm
            || (ask.lastTerm() == lastTerm && ask.lastIndex() >= disk.lastIndex());
    boolean free = disk.votedFor() < 0 || disk.votedFor() == ask.from();
    boolean given = ask.term() == disk.term() && free && newer && role != Role.LEADER;
    if (given) {
      disk.vote(disk.term(), ask.from());
      waitAnew(around.nowNanos());
    }
    around.send(ask.from(), new Vote(disk.term(), self, given));
  }

  private void appended(Append append) {
    if (append.term() < disk.term()) {
      around.send(append.from(), new Appended(disk.term(), self, false, -1, append.round()));
      return;
    }
    become(Role.FOLLOWER, append.from());
    waitAnew(around.nowNanos());
    long previous = append.previousIndex();
    boolean agrees =
        previous <= applied
            || (previous <= disk.lastIndex() && disk.termAt(previous) == append.previousTerm());
    if (!agrees) {
      long look = Math.max(applied, Math.min(previous - 1, disk.lastIndex()));
      around.send(append.from(), new Appended(disk.term(), self, false, look, append.round()));
      return;
    }
    for (Disk.Entry entry : append.entries()) {
      if (entry.index() <= applied) {
        continue;
      }
      if (entry.index() <= disk.lastIndex() && disk.termAt(entry.index()) != entry.term()) {
        disk.cutFrom(entry.index());
        syncedTo = Math.min(syncedTo, disk.lastIndex());
      }
      if (entry.index() > disk.lastIndex()) {
        disk.append(entry);
      }
    }
    unanswered = append;
    unansweredMatch = Math.max(applied, previous + append.entries().size());
    if (syncedTo < unansweredMatch) {
      sync();
    }
    answer();
    long known = Math.min(append.committed(), unansweredMatch);
    if (known > committed) {
      committed = known;
      apply();
    }
  }

  /** Tells the leader what is on disk; not before it is. */
  private void answer() {
    if (unanswered != null && syncedTo >= unansweredMatch) {
      Append append = unanswered;
      unanswered = null;
      if (append.term() == disk.term()) {
        around.send(
            append.from(), new Appended(disk.term(), self, true, unansweredMatch, append.round()));
      }
    }
  }

  private void installed(Install install) {
    if (install.term() < disk.term()) {
      return;
    }
    become(Role.FOLLOWER, install.from());
    waitAnew(around.nowNanos());
    long index = install.snapshot().position().index();
    if (index > applied) {
      disk.install(install.snapshot());
      unanswered = null;
      syncedTo = index;
      applied = index;
      committed = Math.max(committed, index);
      around.install(install.snapshot());
    }
    around.send(install.from(), new Appended(disk.term(), self, true, applied, install.round()));
  }

  private void heard(Appended answer) {
    if (role != Role.LEADER || answer.term() != disk.term()) {
      return;
    }
    int member = answer.from();
    heard[member] = around.nowNanos();
    underWay[member] = false;
    if (answer.taken()) {
      match[member] = Math.max(match[member], answer.match());
      next[member] = match[member] + 1;
      commit();
    } else {
      next[member] = Math.max(0, Math.min(next[member] - 1, answer.match() + 1));
    }
    if (next[member] <= disk.lastIndex()) {
      replicate(member);
    }
  }
}

package baton.controller.sim;

import baton.controller.snapshot.LogPosition;
import java.util.ArrayList;
import java.util.List;

/**
 * The disk of one controller: its term and vote, its log and its newest snapshot. Log entries are
 * written at once and on the plate only after a sync; a power cut takes what is not. Term, vote and
 * snapshot are small or rare, and on the plate when they are written.
 */
class Disk {
  /**
   * One entry of the log.
   *
   * @param client the process that proposed it, and {@code number} its count; a repeat has the same
   * @param frame what was proposed; empty for the entry that a leader begins its term with
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(long term, long index, long client, long number, byte[] frame) {}

  /** A state as bytes, and the last entry that is in it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Snapshot(LogPosition position, byte[] state) {}

  private final List<Entry> entries = new ArrayList<>();
  private Snapshot snapshot = new Snapshot(LogPosition.BEFORE_FIRST, new byte[0]);
  private long term;
  private int votedFor = -1;
  private long durableTo = -1;

  long term() {
    return term;
  }

  int votedFor() {
    return votedFor;
  }

  void vote(long inTerm, int member) {
    term = inTerm;
    votedFor = member;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  long lastIndex() {
    return entries.isEmpty() ? firstIndex() - 1 : entries.get(entries.size() - 1).index();
  }

  /** Index of the oldest entry that is here, or that comes next. */
  long firstIndex() {
    return entries.isEmpty() ? snapshot.position().index() + 1 : entries.get(0).index();
  }

  /** The term of an entry; -1 when it is not known any more. */
  long termAt(long index) {
    if (index == snapshot.position().index()) {
      return snapshot.position().term();
    }
    boolean here = index >= firstIndex() && index <= lastIndex();
    return here ? entry(index).term() : -1;
  }

  Entry entry(long index) {
    return entries.get((int) (index - firstIndex()));
  }

  /** The entries from an index on, so many at most. */
  List<Entry> from(long index, int most) {
    int begin = (int) (index - firstIndex());
    return begin >= entries.size()
        ? List.of()
        : List.copyOf(entries.subList(begin, Math.min(entries.size(), begin + most)));
  }

  void append(Entry entry) {
    if (entry.index() != lastIndex() + 1) {
      throw new IllegalStateException("entry " + entry.index() + " after " + lastIndex());
    }
    entries.add(entry);
  }

  /** Forgets an entry and all after it: another leader has others there. */
  void cutFrom(long index) {
    while (lastIndex() >= index) {
      entries.remove(entries.size() - 1);
    }
    durableTo = Math.min(durableTo, lastIndex());
  }

  /** A sync has ended that was begun when {@code index} was the last one. */
  void synced(long index) {
    durableTo = Math.max(durableTo, Math.min(index, lastIndex()));
  }

  /** Takes a snapshot of what was applied here, and forgets all entries but some before it. */
  void snapshot(Snapshot taken, int kept) {
    snapshot = taken;
    while (!entries.isEmpty() && entries.get(0).index() <= taken.position().index() - kept) {
      entries.remove(0);
    }
  }

  /** A snapshot of the leader's replaces all that is here. */
  void install(Snapshot given) {
    entries.clear();
    snapshot = given;
    durableTo = given.position().index();
  }

  /** The power goes: of what is not on the plate some may be, and the rest is not. */
  void powerCut(Chance chance) {
    if (lastIndex() > durableTo) {
      long kept = chance.between(Math.max(durableTo, firstIndex() - 1), lastIndex());
      cutFrom(kept + 1);
    }
    if (lastIndex() < snapshot.position().index()) {
      // what is missing is in the snapshot: the log goes on behind that
      entries.clear();
      durableTo = snapshot.position().index();
    }
  }
}

package baton.controller.sim;

import baton.controller.sim.Timeline.Actor;
import baton.protocol.net.SendFailure;
import baton.protocol.net.SendFailure.Reason;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Who can reach whom, and how long it takes. A host is a number. A cut is one-way; a connection
 * needs both ways when it is made, and for its answer the way back.
 */
final class Network {
  private static final long CONNECT_TIMEOUT = 2 * Timeline.SECOND;
  private static final long MESSAGE_TIMEOUT = 10 * Timeline.SECOND;
  private static final long LONGEST_DELAY = 25 * Timeline.SECOND;

  /** How often what goes wrong, in a thousand messages. */
  record Faults(int lost, int slow, int repeated) {
    static final Faults NONE = new Faults(0, 0, 0);
  }

  /** What came of a question. */
  sealed interface Answered<T> {
    record Told<T>(T answer) implements Answered<T> {}

    record Failed<T>(SendFailure failure) implements Answered<T> {}
  }

  private final Timeline timeline;
  private final Chance chance;
  private final boolean[][] cut;
  private Faults faults = Faults.NONE;

  Network(Timeline timeline, Chance chance, int hosts) {
    this.timeline = timeline;
    this.chance = chance;
    this.cut = new boolean[hosts][hosts];
  }

  void faults(Faults now) {
    faults = now;
  }

  void cut(int from, int to, boolean closed) {
    cut[from][to] = closed;
  }

  void heal() {
    for (boolean[] from : cut) {
      java.util.Arrays.fill(from, false);
    }
    faults = Faults.NONE;
  }

  private long delay() {
    if (chance.perMille(faults.slow())) {
      return chance.between(0, LONGEST_DELAY);
    }
    return chance.between(200, 3000) * Timeline.MILLI / 1000;
  }

  /** Sends something that is not answered: it arrives once, twice or never, and in any order. */
  void send(int from, int to, Actor receiver, Runnable arrives) {
    if (cut[from][to] || chance.perMille(faults.lost())) {
      return;
    }
    // between controllers what is slow is as good as lost, but comes
    timeline.after(Math.min(delay(), 5 * Timeline.SECOND), receiver, arrives);
    if (chance.perMille(faults.repeated())) {
      timeline.after(Math.min(delay(), 5 * Timeline.SECOND), receiver, arrives);
    }
  }

  /**
   * Asks and is told once what came of it.
   *
   * @param callee the process that listens at {@code to}; null when none does
   * @param handle called in the callee's process with what takes the answer, null for a connection
   *     that is closed without one
   */
  <T> void ask(
      int from,
      Actor caller,
      int to,
      Supplier<Actor> callee,
      Consumer<Consumer<T>> handle,
      Consumer<Answered<T>> told) {
    if (cut[from][to] || cut[to][from]) {
      fail(caller, CONNECT_TIMEOUT, Reason.UNREACHABLE, told);
      return;
    }
    Actor listener = callee.get();
    if (listener == null || listener.isDead()) {
      fail(caller, Timeline.MILLI, Reason.REFUSED, told);
      return;
    }
    Question<T> question = new Question<>(caller, told);
    timeline.after(MESSAGE_TIMEOUT, caller, () -> question.fails(Reason.TIMEOUT));
    if (chance.perMille(faults.lost())) {
      return;
    }
    timeline.after(
        delay(), listener, () -> handle.accept(answer -> answered(from, to, question, answer)));
  }

  private <T> void answered(int from, int to, Question<T> question, T answer) {
    if (cut[to][from] || chance.perMille(faults.lost())) {
      return;
    }
    timeline.after(
        delay(),
        question.caller,
        () -> {
          if (answer == null) {
            question.fails(Reason.CLOSED);
          } else {
            question.ends(new Answered.Told<>(answer));
          }
        });
  }

  private <T> void fail(Actor caller, long after, Reason why, Consumer<Answered<T>> told) {
    timeline.after(
        after, caller, () -> told.accept(new Answered.Failed<>(new SendFailure(why, "simulated"))));
  }

  /** A question that waits for its answer. */
  private static final class Question<T> {
    private final Actor caller;
    private final Consumer<Answered<T>> told;
    private boolean over;

    Question(Actor caller, Consumer<Answered<T>> told) {
      this.caller = caller;
      this.told = told;
    }

    void fails(Reason why) {
      ends(new Answered.Failed<>(new SendFailure(why, "simulated")));
    }

    void ends(Answered<T> answered) {
      if (!over) {
        over = true;
        told.accept(answered);
      }
    }
  }
}

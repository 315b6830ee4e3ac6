package baton.controller.linear;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The fewest operations of a rejected history that contradict each other, found by taking answers
 * away: each of these is needed for the contradiction, and it stands whatever the others did, in
 * any order, and whether or not they did anything.
 *
 * @param essential those operations, by the time of their call
 * @param verdict what the search said of the history with the answers of only those
 */
record Contradiction<A>(List<Operation<A>> essential, Verdict.Rejected verdict) {
  /** Each open operation may double what is to be tried; one too many then keeps its answer. */
  private static final int PATIENCE = 100_000;

  /** The history must be one that is rejected. */
  static <S, A> Contradiction<A> in(Model<S, A> model, List<Operation<A>> history) {
    List<Operation<A>> left = shortestPrefix(model, history);
    openWhatIsNotNeeded(model, left, true);
    openWhatIsNotNeeded(model, left, false);
    List<Operation<A>> essential = new ArrayList<>(left);
    essential.removeIf(operation -> !operation.isSettled());
    essential.sort(Comparator.comparingLong(Operation::callNanos));
    return new Contradiction<>(essential, (Verdict.Rejected) Linearizer.judge(model, left));
  }

  /** Questions go first: what is left then is rather what was done than what others saw of it. */
  private static <S, A> void openWhatIsNotNeeded(
      Model<S, A> model, List<Operation<A>> left, boolean questions) {
    for (int i = 0; i < left.size(); i++) {
      Operation<A> whole = left.get(i);
      if (whole.isSettled() && model.isQuestion(whole.action()) == questions) {
        left.set(i, whole.opened());
        if (!isRejected(model, left)) {
          left.set(i, whole);
        }
      }
    }
  }

  /** What had been seen when the contradiction first stood; what was under way then is open. */
  private static <S, A> List<Operation<A>> shortestPrefix(
      Model<S, A> model, List<Operation<A>> history) {
    long[] returns =
        history.stream()
            .filter(Operation::isSettled)
            .mapToLong(Operation::returnNanos)
            .sorted()
            .toArray();
    int shortest = 0;
    int rejected = returns.length - 1;
    while (shortest < rejected) {
      int middle = (shortest + rejected) / 2;
      if (isRejected(model, until(history, returns[middle]))) {
        rejected = middle;
      } else {
        shortest = middle + 1;
      }
    }
    return until(history, returns[rejected]);
  }

  private static <A> List<Operation<A>> until(List<Operation<A>> history, long nanos) {
    List<Operation<A>> prefix = new ArrayList<>();
    for (Operation<A> operation : history) {
      if (operation.callNanos() <= nanos) {
        prefix.add(operation.returnNanos() <= nanos ? operation : operation.opened());
      }
    }
    return prefix;
  }

  private static <S, A> boolean isRejected(Model<S, A> model, List<Operation<A>> history) {
    return Linearizer.judge(model, history, PATIENCE) instanceof Verdict.Rejected;
  }
}

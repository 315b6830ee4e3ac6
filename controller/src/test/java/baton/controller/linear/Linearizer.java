package baton.controller.linear;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks for an order of a history's operations: Wing and Gong's search, which takes any operation
 * next that was called before all others that are left had returned, with Lowe's memory: a set of
 * operations that led to a state is tried once. An operation without an answer may come anywhere
 * after its call, or nowhere.
 */
final class Linearizer<S, A> {
  /** Some hundred bytes each; a history that needs more is not the kind that this is for. */
  static final int MAX_CONFIGURATIONS = 2_000_000;

  private record Configuration<S>(BitSet done, S state) {}

  private final Model<S, A> model;
  private final int maxConfigurations;
  private final List<Operation<A>> operations;
  private final Set<Configuration<S>> tried = new HashSet<>();
  private final BitSet done = new BitSet();
  private int settledDone;
  private int longest = -1;
  private int mostAtLongest;
  private S reached;
  private BitSet doneAtLongest = done;

  private Linearizer(Model<S, A> model, List<Operation<A>> history, int maxConfigurations) {
    this.model = model;
    this.maxConfigurations = maxConfigurations;
    this.operations = new ArrayList<>(history);
    operations.removeIf(next -> !next.isSettled() && model.isQuestion(next.action()));
    operations.sort(
        Comparator.<Operation<A>>comparingLong(Operation::returnNanos)
            .thenComparingLong(Operation::callNanos));
  }

  /** Judges one object's history. */
  static <S, A> Verdict judge(Model<S, A> model, List<Operation<A>> history) {
    return judge(model, history, MAX_CONFIGURATIONS);
  }

  /** The same, with less patience. */
  static <S, A> Verdict judge(
      Model<S, A> model, List<Operation<A>> history, int maxConfigurations) {
    Linearizer<S, A> search = new Linearizer<>(model, history, maxConfigurations);
    if (search.extend(model.initial())) {
      return new Verdict.Accepted();
    }
    if (search.tried.size() >= maxConfigurations) {
      return new Verdict.Undecided();
    }
    return new Verdict.Rejected(search.reached.toString(), search.stuck());
  }

  /** Whether the operations that are left fit behind those that are done. */
  private boolean extend(S state) {
    int first = done.nextClearBit(0);
    if (first == operations.size() || !operations.get(first).isSettled()) {
      return true;
    }
    if (tried.size() >= maxConfigurations
        || !tried.add(new Configuration<>((BitSet) done.clone(), state))) {
      return false;
    }
    remember(state);
    long horizon = operations.get(first).returnNanos();
    for (int i = first; i < operations.size(); i = done.nextClearBit(i + 1)) {
      if (operations.get(i).callNanos() <= horizon && extendBy(i, state)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Of orders with as many answers, the one that has more of what was not answered explains best.
   */
  private void remember(S state) {
    int all = done.cardinality();
    if (settledDone > longest || (settledDone == longest && all > mostAtLongest)) {
      longest = settledDone;
      mostAtLongest = all;
      reached = state;
      doneAtLongest = (BitSet) done.clone();
    }
  }

  private boolean extendBy(int index, S state) {
    Operation<A> next = operations.get(index);
    if (!(model.step(state, next.action(), next.isSettled()) instanceof Model.Taken<S> taken)) {
      return false;
    }
    int counted = next.isSettled() ? 1 : 0;
    done.set(index);
    settledDone += counted;
    for (S after : taken.states()) {
      if (extend(after)) {
        return true;
      }
    }
    done.clear(index);
    settledDone -= counted;
    return false;
  }

  /** Why nothing that has an answer could come next where the search got farthest. */
  private List<String> stuck() {
    List<String> lines = new ArrayList<>();
    long horizon = operations.get(doneAtLongest.nextClearBit(0)).returnNanos();
    for (int i = 0; i < operations.size(); i++) {
      Operation<A> next = operations.get(i);
      if (!doneAtLongest.get(i) && next.isSettled() && next.callNanos() <= horizon) {
        Model.Step<S> step = model.step(reached, next.action(), true);
        if (step instanceof Model.Impossible<S> impossible) {
          lines.add(next.label() + ", " + next.action() + ": " + impossible.why());
        }
      }
    }
    return lines;
  }
}

package baton.controller.linear;

import java.util.List;

/**
 * What an object does when one operation follows the other.
 *
 * @param <S> its states; immutable, compared by value
 * @param <A> its operations, with their answers
 */
interface Model<S, A> {
  S initial();

  /**
   * What becomes of a state.
   *
   * @param settled whether the answer counts; if not, the states are those of an operation that
   *     took effect, whatever it answered
   */
  Step<S> step(S state, A action, boolean settled);

  /** Whether it only asks: without an answer it says nothing. */
  boolean isQuestion(A action);

  /** What a step comes to. */
  sealed interface Step<S> {}

  /**
   * It is possible.
   *
   * @param states one, or several where the object may do one thing or another
   */
  record Taken<S>(List<S> states) implements Step<S> {
    static <S> Taken<S> to(S state) {
      return new Taken<>(List.of(state));
    }
  }

  /** In this state it cannot have been answered so. */
  record Impossible<S>(String why) implements Step<S> {}
}

package baton.importer.map;

import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * One thing that a saved record and a record of the model both tell, each in its own form. Values
 * are compared as the model has them.
 *
 * @param saved reads it from the saved record
 * @param save writes it into a saved record, and nothing else
 * @param known reads it from the model
 * @param know writes it into the model
 * @param <S> the saved record
 * @param <B> its builder
 * @param <M> the model's record
 * @param <N> its builder
 * @param <T> the value
 */
record Fact<S, B, M, N, T>(
    Function<? super S, ? extends T> saved,
    BiConsumer<? super B, ? super T> save,
    Function<? super M, ? extends T> known,
    BiConsumer<? super N, ? super T> know) {

  /** Takes it over into the model. */
  void take(S from, N into) {
    know.accept(into, saved.apply(from));
  }

  /**
   * Writes it where the model has come to another value than the saved record gives. What the model
   * cannot tell apart stays as slurmctld wrote it.
   */
  void update(M from, S was, B into) {
    T value = known.apply(from);
    if (!Objects.equals(value, saved.apply(was))) {
      save.accept(into, value);
    }
  }
}

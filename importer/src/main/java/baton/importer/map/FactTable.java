package baton.importer.map;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * All that two records have in common, declared once for both directions. Facts are taken and
 * written in the order in which they were added. For one thread while it is filled, then for any.
 *
 * @param <S> the saved record
 * @param <B> its builder
 * @param <M> the model's record
 * @param <N> its builder
 */
final class FactTable<S, B, M, N> {
  private final List<Fact<S, B, M, N, ?>> facts = new ArrayList<>();

  /** A fact of the same form on both sides. */
  <T> FactTable<S, B, M, N> add(
      Function<S, T> saved, BiConsumer<B, T> save, Function<M, T> known, BiConsumer<N, T> know) {
    facts.add(new Fact<>(saved, save, known, know));
    return this;
  }

  /** A fact whose saved form is another than the model's. */
  <V, T> FactTable<S, B, M, N> add(
      Form<V, T> form,
      Function<S, V> saved,
      BiConsumer<B, V> save,
      Function<M, T> known,
      BiConsumer<N, T> know) {
    facts.add(
        new Fact<S, B, M, N, T>(
            record -> form.read(saved.apply(record)),
            (builder, value) -> save.accept(builder, form.write(value)),
            known,
            know));
    return this;
  }

  /** Takes all facts over into the model. */
  void take(S from, N into) {
    for (Fact<S, B, M, N, ?> fact : facts) {
      fact.take(from, into);
    }
  }

  /**
   * Writes what the model has changed since.
   *
   * @param was the saved record that the model's began as; the defaults for one that is Baton's own
   */
  void update(M from, S was, B into) {
    for (Fact<S, B, M, N, ?> fact : facts) {
      fact.update(from, was, into);
    }
  }
}

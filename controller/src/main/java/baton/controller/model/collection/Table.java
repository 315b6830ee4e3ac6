package baton.controller.model.collection;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An immutable map. A change returns a new table that shares all but O(log n) of the old one, so an
 * older table stays valid and may be read by any thread without a lock.
 *
 * <p>Neither keys nor values may be null. Iteration is in an order that depends on the content
 * alone, never on the history or on hash codes: two replicas with equal tables encode them to equal
 * bytes (I4).
 *
 * @param <K> key; its {@code compareTo} must agree with {@code equals}
 * @param <V> value
 */
public interface Table<K, V> {

  /** Returns a table without entries. */
  static <K extends Comparable<? super K>, V> Table<K, V> empty() {
    return SortedTable.empty();
  }

  /** Returns the value of {@code key}, or nothing when there is no such entry. O(log n). */
  Optional<V> get(K key);

  /**
   * Returns the value of a key that must be there.
   *
   * @throws IllegalStateException when it is not, which is a broken invariant of the state
   */
  V require(K key);

  /** Tells whether there is an entry for {@code key}. O(log n). */
  boolean contains(K key);

  /** Returns this table with {@code value} at {@code key}, replacing what stood there. O(log n). */
  Table<K, V> with(K key, V value);

  /** Returns this table without {@code key}; the same table when the key is absent. O(log n). */
  Table<K, V> without(K key);

  /** Returns the number of entries. O(1). */
  int size();

  /** Tells whether there is no entry. */
  boolean isEmpty();

  /** Returns an unmodifiable view of the keys. */
  Set<K> keys();

  /** Returns an unmodifiable view of the values, in the order of the keys. */
  Collection<V> values();

  /** Returns an unmodifiable view of the entries. */
  Set<Map.Entry<K, V>> entries();
}

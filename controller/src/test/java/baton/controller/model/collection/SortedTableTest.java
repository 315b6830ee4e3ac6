package baton.controller.model.collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class SortedTableTest {

  /** One change: a value is stored, or the key removed when there is no value. */
  record Change(int key, Optional<Integer> value) {}

  @Provide
  Arbitrary<List<Change>> changes() {
    Arbitrary<Integer> keys = Arbitraries.integers().between(-20, 20);
    Arbitrary<Optional<Integer>> values = Arbitraries.integers().optional();
    return Combinators.combine(keys, values).as(Change::new).list().ofMaxSize(120);
  }

  @Property(tries = 300)
  void behavesAsTheSortedMapOfTheJdk(@ForAll("changes") List<Change> changes, @ForAll int cut) {
    TreeMap<Integer, Integer> expected = new TreeMap<>();
    SortedTable<Integer, Integer> table = SortedTable.empty();
    List<SortedTable<Integer, Integer>> older = new ArrayList<>();
    List<Map<Integer, Integer>> olderExpected = new ArrayList<>();
    for (Change change : changes) {
      older.add(table);
      olderExpected.add(new TreeMap<>(expected));
      if (change.value().isPresent()) {
        expected.put(change.key(), change.value().get());
        table = table.with(change.key(), change.value().get());
      } else {
        expected.remove(change.key());
        table = table.without(change.key());
      }
    }
    assertSameContent(expected, table);
    int first = Math.floorMod(cut, 41) - 20;
    assertSameContent(new TreeMap<>(expected.tailMap(first, true)), table.from(first));
    assertSameContent(
        new TreeMap<>(expected.subMap(first, first + 5)), table.range(first, first + 5));
    assertEquals(Optional.ofNullable(expected.higherEntry(first)), table.higherEntry(first));
    assertEquals(table, SortedTable.copyOf(expected));
    for (int i = 0; i < older.size(); i++) {
      assertEquals(olderExpected.get(i), toMap(older.get(i)), "an older table has changed");
    }
  }

  @Test
  void absentKeys() {
    SortedTable<String, Integer> table = SortedTable.<String, Integer>empty().with("a", 1);
    assertEquals(Optional.empty(), table.get("b"));
    assertFalse(table.contains("b"));
    assertSame(table, table.without("b"));
    assertThrows(IllegalStateException.class, () -> table.require("b"));
    assertEquals(1, table.require("a"));
    assertEquals(Optional.empty(), SortedTable.<String, Integer>empty().firstKey());
    assertEquals(Optional.empty(), SortedTable.<String, Integer>empty().lastKey());
  }

  @Test
  void refusesNullAndChangesThroughViews() {
    SortedTable<String, Integer> table = SortedTable.<String, Integer>empty().with("a", 1);
    assertThrows(NullPointerException.class, () -> table.with("b", null));
    assertThrows(NullPointerException.class, () -> table.with(null, 1));
    assertThrows(UnsupportedOperationException.class, () -> table.keys().remove("a"));
    assertThrows(UnsupportedOperationException.class, () -> table.values().clear());
    assertThrows(UnsupportedOperationException.class, () -> table.entries().clear());
  }

  private static void assertSameContent(
      NavigableMap<Integer, Integer> expected, SortedTable<Integer, Integer> table) {
    assertEquals(expected.size(), table.size());
    assertEquals(expected.isEmpty(), table.isEmpty());
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(table.keys()));
    assertEquals(List.copyOf(expected.values()), List.copyOf(table.values()));
    assertEquals(expected, toMap(table));
    if (!expected.isEmpty()) {
      assertEquals(Optional.of(expected.firstKey()), table.firstKey());
      assertEquals(Optional.of(expected.lastKey()), table.lastKey());
    }
    for (int key = -21; key <= 21; key++) {
      assertEquals(Optional.ofNullable(expected.get(key)), table.get(key));
      assertEquals(expected.containsKey(key), table.contains(key));
    }
    assertTrue(table.equals(SortedTable.copyOf(expected)));
  }

  private static Map<Integer, Integer> toMap(Table<Integer, Integer> table) {
    Map<Integer, Integer> map = new TreeMap<>();
    table.entries().forEach(entry -> map.put(entry.getKey(), entry.getValue()));
    return map;
  }
}

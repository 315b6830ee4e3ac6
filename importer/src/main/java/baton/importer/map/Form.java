package baton.importer.map;

import baton.controller.model.NodeName;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import baton.protocol.type.NoVal;
import baton.protocol.type.Uid;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * How a saved value and the model's stand for each other.
 *
 * @param <V> as saved
 * @param <T> as in the model
 */
record Form<V, T>(Function<V, T> reader, Function<T, V> writer) {

  /** Epoch seconds; 0 and NO_VAL are no time. */
  static final Form<Long, Instant> TIME =
      new Form<>(
          seconds ->
              seconds <= 0 || seconds == NoVal.NO_VAL ? null : Instant.ofEpochSecond(seconds),
          time -> time == null ? 0 : time.getEpochSecond());

  /** 0 is no, all else yes. */
  static final Form<Integer, Boolean> FLAG = new Form<>(value -> value != 0, flag -> flag ? 1 : 0);

  /** A text that is empty is none. */
  static final Form<String, String> TEXT =
      new Form<>(text -> text == null || text.isEmpty() ? null : text, text -> text);

  /** NO_VAL is 0. */
  static final Form<Long, Long> NONE_IS_ZERO =
      new Form<>(value -> value == NoVal.NO_VAL ? 0 : value, value -> value);

  static final Form<Long, Uid> UID = new Form<>(Uid::of, Uid::value);

  static final Form<String, NodeName> NODE =
      new Form<>(
          name -> name == null || name.isEmpty() ? null : NodeName.of(name),
          node -> node == null ? null : node.value());

  /** A host list; none is an empty list. */
  static final Form<String, List<NodeName>> NODES =
      new Form<>(Form::nodes, nodes -> nodes.isEmpty() ? null : ranged(nodes));

  T read(V saved) {
    return reader.apply(saved);
  }

  V write(T known) {
    return writer.apply(known);
  }

  /**
   * The nodes of a host list.
   *
   * @throws Unmappable if it is none
   */
  static List<NodeName> nodes(String list) {
    try {
      return list == null || list.isEmpty()
          ? List.of()
          : HostList.parse(list).hosts().stream().map(NodeName::of).toList();
    } catch (HostListException e) {
      throw new Unmappable("names nodes wrongly: " + e.getMessage());
    }
  }

  static String ranged(List<NodeName> nodes) {
    return HostList.of(nodes.stream().map(NodeName::value).toList()).ranged();
  }
}

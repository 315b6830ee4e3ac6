package baton.protocol.schema;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All layouts and message types of one schema directory, in the order of their names.
 *
 * @param types in the order of number, then name
 */
public record Schema(Releases releases, List<Layout> layouts, List<MessageType> types) {

  public Schema {
    layouts = layouts.stream().sorted(Comparator.comparing(Layout::name)).toList();
    types =
        types.stream()
            .sorted(
                Comparator.comparingInt(MessageType::number)
                    .thenComparing(MessageType::type)
                    .thenComparingLong(type -> type.releases().mask()))
            .toList();
  }

  /** The layouts by name; of two with the same name one is left out. */
  public Map<String, Layout> byName() {
    Map<String, Layout> byName = new HashMap<>();
    layouts.forEach(layout -> byName.putIfAbsent(layout.name(), layout));
    return byName;
  }
}

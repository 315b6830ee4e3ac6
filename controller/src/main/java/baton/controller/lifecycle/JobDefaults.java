package baton.controller.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A partition's JobDefaults: {@code DefCpuPerGPU=2,DefMemPerGPU=1000}. */
public final class JobDefaults {
  private static final int CPUS_PER_GPU = 1;
  private static final int MEMORY_PER_GPU = 2;

  private JobDefaults() {}

  /**
   * One default.
   *
   * @param type as the wire numbers it: 1 DefCpuPerGPU, 2 DefMemPerGPU (MiB)
   */
  public record Item(int type, long value) {}

  /** The defaults of a text; nothing at all if it cannot be read. */
  public static Optional<List<Item>> parse(String text) {
    List<Item> items = new ArrayList<>();
    if (text.isEmpty()) {
      return Optional.of(items);
    }
    for (String word : text.toLowerCase(Locale.ROOT).split(",", -1)) {
      int equals = word.indexOf('=');
      int type = equals < 0 ? 0 : type(word.substring(0, equals));
      String number = word.substring(equals + 1);
      if (type == 0 || !number.matches("[0-9]{1,18}")) {
        return Optional.empty();
      }
      items.add(new Item(type, Long.parseLong(number)));
    }
    return Optional.of(items);
  }

  private static int type(String name) {
    return switch (name) {
      case "defcpupergpu" -> CPUS_PER_GPU;
      case "defmempergpu" -> MEMORY_PER_GPU;
      default -> 0;
    };
  }
}

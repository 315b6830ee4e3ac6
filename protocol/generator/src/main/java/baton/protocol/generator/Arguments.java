package baton.protocol.generator;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code --name value} pairs of the command line. Fails with IllegalArgumentException. */
final class Arguments {

  private static final Set<String> NAMES =
      Set.of(
          "schema",
          "package",
          "codecs",
          "release",
          "table",
          "table-directory",
          "table-package",
          "types",
          "types-source",
          "sources",
          "test-sources",
          "reference",
          "title",
          "lock",
          "update-lock");

  private final Map<String, List<String>> values = new HashMap<>();

  Arguments(String... arguments) {
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i].startsWith("--") ? arguments[i].substring(2) : "";
      if (!NAMES.contains(name) || i + 1 == arguments.length) {
        throw new IllegalArgumentException("unknown or incomplete argument " + arguments[i]);
      }
      values.computeIfAbsent(name, key -> new ArrayList<>()).add(arguments[i + 1]);
    }
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  String one(String name) {
    List<String> all = all(name);
    if (all.size() != 1) {
      throw new IllegalArgumentException("--" + name + " is needed once");
    }
    return all.get(0);
  }

  Path path(String name) {
    return Path.of(one(name));
  }

  /** Values of the form {@code key=value}, in the order given. */
  Map<String, String> pairs(String name) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : all(name)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("--" + name + " " + pair + " is not key=value");
      }
      pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return pairs;
  }
}

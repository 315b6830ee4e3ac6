package baton.protocol.generator;

import baton.protocol.schema.Field;
import baton.protocol.schema.Layout;
import baton.protocol.schema.Schema;
import com.palantir.javapoet.ClassName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the hand-written classes that a schema names in {@code as} and {@code implements}: by full
 * name as it is, by simple name in the first of the packages whose source holds it.
 */
final class KnownClasses {

  private final List<String> packages;
  private final List<Path> sources;

  KnownClasses(List<String> packages, List<Path> sources) {
    this.packages = packages;
    this.sources = sources;
  }

  /** By the name that the schema uses; those not found are left out. */
  Map<String, ClassName> namedBy(Schema schema) {
    Set<String> names = new TreeSet<>();
    for (Layout layout : schema.layouts()) {
      names.addAll(layout.interfaces());
      for (Field field : layout.fields()) {
        if (field.as() != null) {
          names.add(field.as());
        }
      }
    }
    Map<String, ClassName> found = new HashMap<>();
    for (String name : names) {
      ClassName known = find(name);
      if (known != null) {
        found.put(name, known);
      }
    }
    return found;
  }

  private ClassName find(String name) {
    if (name.contains(".")) {
      return ClassName.bestGuess(name);
    }
    for (String candidate : packages) {
      for (Path source : sources) {
        Path file = source.resolve(candidate.replace('.', '/')).resolve(name + ".java");
        if (Files.exists(file)) {
          return ClassName.get(candidate, name);
        }
      }
    }
    return null;
  }
}

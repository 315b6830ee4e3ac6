package baton.protocol.emit;

import com.palantir.javapoet.ClassName;
import java.util.Map;

/**
 * Where generated classes go and which they meet there.
 *
 * @param packages by schema directory: the package of its values
 * @param codecPackage the package of codecs and samples
 * @param release the enum of releases; it has a constant for each, and {@code atLeast}
 * @param tableName what the table is of: {@code Message} gives {@code MessageType}
 * @param tablePackage the package of that enum
 * @param classes by the name used in the schema: classes of {@code as} and {@code implements}
 */
public record Target(
    Map<String, String> packages,
    String codecPackage,
    ClassName release,
    String tableName,
    String tablePackage,
    Map<String, ClassName> classes) {

  public Target {
    packages = Map.copyOf(packages);
    classes = Map.copyOf(classes);
  }

  ClassName table() {
    return ClassName.get(tablePackage, tableName + "Type");
  }

  ClassName tableCodec() {
    return ClassName.get(codecPackage, tableName + "Codec");
  }
}

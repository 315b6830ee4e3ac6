package baton.protocol.schema;

import java.util.List;

/**
 * One layout.
 *
 * @param file path below the schema directory; its first name says which package it belongs to
 * @param source where in Slurm it was read, empty if not given
 * @param interfaces simple or full names
 * @param usedBy what reads it that no schema names, empty if not given
 * @param fields in the order of the wire
 * @param properties in the order of their first entries
 */
public record Layout(
    String name,
    String file,
    String doc,
    String source,
    ReleaseSet releases,
    List<String> interfaces,
    String usedBy,
    List<Field> fields,
    List<Property> properties) {

  /** The directory of the file: {@code message}, {@code struct}, {@code state}, … */
  public String directory() {
    return file.substring(0, Math.max(0, file.indexOf('/')));
  }

  /** The property of that name; null if there is none. */
  public Property property(String property) {
    return properties.stream().filter(p -> p.name().equals(property)).findFirst().orElse(null);
  }
}

package baton.protocol.schema;

/**
 * One fault of a schema, told so that its writer finds the place.
 *
 * @param file path below the schema directory
 * @param layout name of the layout or message type; empty when the fault is the file's
 * @param field name of the property; empty when the fault is the layout's
 * @param what the fault, in words
 */
public record Problem(String file, String layout, String field, String what) {

  @Override
  public String toString() {
    String place = field.isEmpty() ? layout : layout + "." + field;
    return file + ": " + (place.isEmpty() ? "" : place + ": ") + what;
  }
}

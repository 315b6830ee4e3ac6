package baton.importer.map;

/** A saved record that says something the model has no place for; the text goes into the report. */
final class Unmappable extends RuntimeException {
  private static final long serialVersionUID = 1;

  Unmappable(String reason) {
    super(reason, null, false, false);
  }
}

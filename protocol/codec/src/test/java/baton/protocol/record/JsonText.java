package baton.protocol.record;

/** Builds one JSON object, a line for each field, in the order in which they are added. */
final class JsonText {
  private final StringBuilder out = new StringBuilder("{");
  private String separator = "\n";

  void text(String name, String value) {
    name(name).append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  void number(String name, long value) {
    name(name).append(value);
  }

  String end() {
    return out.append("\n}\n").toString();
  }

  private StringBuilder name(String name) {
    out.append(separator).append("  \"").append(name).append("\": ");
    separator = ",\n";
    return out;
  }
}

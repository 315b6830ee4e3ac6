package baton.dist;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A group's status for people and for programs. */
final class GroupReport {
  private static final List<String> COLUMNS =
      List.of("id", "role", "address", "lag", "heard-millis", "name");

  private GroupReport() {}

  static List<Map<String, String>> members(Map<String, String> status) {
    List<Map<String, String>> members = new ArrayList<>();
    for (int i = 0; status.containsKey("member." + i + ".id"); i++) {
      Map<String, String> member = new LinkedHashMap<>();
      for (String column : COLUMNS) {
        member.put(column, status.getOrDefault("member." + i + "." + column, ""));
      }
      members.add(member);
    }
    return members;
  }

  static void table(PrintWriter out, Map<String, String> status) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ID", "ROLE", "ADDRESS", "LAG", "HEARD-MS", "NAME"));
    for (Map<String, String> member : members(status)) {
      rows.add(
          COLUMNS.stream()
              .map(column -> member.get(column).isEmpty() ? "-" : member.get(column))
              .toList());
    }
    int[] widths = new int[COLUMNS.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  static void status(PrintWriter out, Map<String, String> status) {
    String leader = status.getOrDefault("leader", "");
    out.println("leader: " + (leader.isEmpty() ? "none is known" : leader));
    out.println("term: " + status.getOrDefault("term", ""));
    out.println("committed: " + status.getOrDefault("committed", ""));
    out.println("applied: " + status.getOrDefault("applied", ""));
    out.println("answered by: " + status.getOrDefault("answered-by", ""));
    if (status.containsKey("failover-at")) {
      out.println(
          "last failover: "
              + status.get("failover-at")
              + ", nobody led for "
              + status.get("failover-millis")
              + " ms");
    }
    out.println();
    table(out, status);
  }

  static void json(PrintWriter out, Map<String, String> status) {
    StringBuilder text = new StringBuilder("{");
    status.forEach(
        (name, value) -> {
          if (!name.startsWith("member.") && !name.equals("outcome") && !name.equals("nonce")) {
            field(text, name, value);
            text.append(", ");
          }
        });
    text.append("\"members\": [");
    String between = "";
    for (Map<String, String> member : members(status)) {
      text.append(between).append('{');
      String comma = "";
      for (Map.Entry<String, String> column : member.entrySet()) {
        text.append(comma);
        field(text, column.getKey(), column.getValue());
        comma = ", ";
      }
      text.append('}');
      between = ", ";
    }
    out.println(text.append("]}"));
  }

  private static void field(StringBuilder text, String name, String value) {
    text.append('"').append(name.replace('-', '_')).append("\": ");
    if (value.matches("[0-9]{1,18}") && !name.equals("id") && !name.equals("leader")) {
      text.append(value);
    } else if (value.isEmpty()) {
      text.append("null");
    } else {
      text.append('"').append(value.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }
  }
}

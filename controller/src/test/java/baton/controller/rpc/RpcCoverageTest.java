package baton.controller.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.message.MessageType;
import baton.protocol.type.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What Baton does of the protocol: docs/reference/rpcs.tsv and outgoing.tsv, which say what there
 * is, held against the handlers, the senders and the recorded bodies. {@code
 * -Dbaton.reference=write} writes the page anew (bin/reference does it).
 */
class RpcCoverageTest {
  private static final Path REFERENCE = Path.of("../docs/reference");
  private static final Path PAGE = REFERENCE.resolve("rpc-coverage.md");
  private static final Path GOLDENS = Path.of("../protocol/codec/src/test/golden");
  private static final Path SENDERS = Path.of("src/main/java/baton/controller");
  private static final List<Release> RECORDED =
      List.of(Release.V22_05, Release.V24_11, Release.V26_05);

  /** One line of a table. */
  private record Row(
      String rpc, String number, String first, String last, String tier, String topic) {
    boolean isIn(Release release) {
      return release.label().compareTo(first) >= 0
          && (last.isEmpty() || release.label().compareTo(last) <= 0);
    }
  }

  @Test
  void theTableNamesEveryRequest() throws IOException {
    Set<String> named = new TreeSet<>();
    rows("rpcs.tsv").forEach(row -> named.add(row.rpc()));
    Set<String> missing = new TreeSet<>();
    for (MessageType type : MessageType.values()) {
      boolean asks = type.to() == MessageType.Party.CTLD && !isAnswer(type);
      if (asks && !named.contains(type.name())) {
        missing.add(type.name());
      }
    }
    assertEquals(Set.of(), missing);
  }

  /** Messages that come to a controller as answers to what it asked. */
  private static boolean isAnswer(MessageType type) {
    return type.name().startsWith("RESPONSE_") || type == MessageType.PERSIST_RC;
  }

  @Test
  void thePageClaimsNothingThatIsNotSo() throws IOException {
    String page = page();
    if ("write".equals(System.getProperty("baton.reference"))) {
      Files.writeString(PAGE, page);
    }
    Map<String, String> claimed = standings(Files.readString(PAGE));
    Map<String, String> actual = standings(page);
    assertEquals(new TreeSet<>(actual.keySet()), new TreeSet<>(claimed.keySet()));
    Set<String> overstated = new TreeSet<>();
    claimed.forEach(
        (rpc, standing) -> {
          boolean better = standing.equals("yes") || standing.equals("unconfigured");
          if (better && actual.get(rpc).equals("no")) {
            overstated.add(rpc);
          }
        });
    assertEquals(Set.of(), overstated);
    assertTrue(claimed.size() > 100);
  }

  private static Map<String, String> standings(String page) {
    Map<String, String> standings = new LinkedHashMap<>();
    for (String line : page.lines().toList()) {
      String[] cells = line.split("\\|", -1);
      if (cells.length > 4 && cells[1].strip().matches("[A-Z_0-9]+")) {
        standings.merge(cells[1].strip(), cells[4].strip(), (one, two) -> one + " " + two);
      }
    }
    return standings;
  }

  private static String page() throws IOException {
    Map<MessageType, HandlerTable.Standing> handled = new AskedController().table().standings();
    Set<String> sent = sent();
    StringBuilder page = new StringBuilder();
    page.append("# Which messages Baton knows\n\n")
        .append("From `rpcs.tsv` and `outgoing.tsv`, the handlers, and the recorded bodies. ")
        .append("Written by `bin/reference`.\n\n")
        .append("*yes*: done. *unconfigured*: answered as slurmctld answers where what it is ")
        .append("about is not configured. *no*: refused with an error, never met with silence.\n")
        .append("Goldens: recorded bodies of real 22.05, 24.11 and 26.05 programs; – where the ")
        .append("release has no such message.\n\n");
    List<Row> requests = rows("rpcs.tsv");
    summary(page, requests, handled);
    page.append("## Asked of the controller\n\n").append(head());
    for (Row row : requests) {
      line(page, row, standing(row, handled));
    }
    page.append("\n## Sent by the controller\n\n").append(head());
    for (Row row : rows("outgoing.tsv")) {
      line(page, row, sent.contains(row.rpc()) ? "yes" : "no");
    }
    return page.toString();
  }

  private static String head() {
    return """
        | message | tier | releases | done | about | 22.05 | 24.11 | 26.05 |
        |---|---|---|---|---|---|---|---|
        """;
  }

  private static void summary(
      StringBuilder page, List<Row> rows, Map<MessageType, HandlerTable.Standing> handled) {
    for (String tier : List.of("1", "2", "3")) {
      Map<String, Integer> counts = new LinkedHashMap<>();
      List.of("yes", "unconfigured", "no").forEach(word -> counts.put(word, 0));
      for (Row row : rows) {
        if (row.tier().equals(tier)) {
          counts.merge(standing(row, handled), 1, Integer::sum);
        }
      }
      page.append("- tier ").append(tier).append(": ");
      page.append(counts.get("yes")).append(" done, ").append(counts.get("unconfigured"));
      page.append(" as unconfigured, ").append(counts.get("no")).append(" not yet\n");
    }
    page.append('\n');
  }

  private static String standing(Row row, Map<MessageType, HandlerTable.Standing> handled) {
    HandlerTable.Standing standing = null;
    for (MessageType type : MessageType.values()) {
      standing = type.name().equals(row.rpc()) ? handled.get(type) : standing;
    }
    if (standing == null) {
      return "no";
    }
    return switch (standing) {
      case SERVED -> "yes";
      case UNCONFIGURED -> "unconfigured";
      case REFUSED -> "no";
    };
  }

  private static void line(StringBuilder page, Row row, String standing) throws IOException {
    page.append("| ").append(row.rpc()).append(" | ").append(row.tier()).append(" | ");
    page.append(row.first()).append(row.last().isEmpty() ? "+" : "–" + row.last());
    page.append(" | ").append(standing).append(" | ").append(row.topic()).append(" |");
    for (Release release : RECORDED) {
      page.append(' ').append(row.isIn(release) ? goldens(row.rpc(), release) : "–").append(" |");
    }
    page.append('\n');
  }

  private static long goldens(String rpc, Release release) throws IOException {
    Path directory = GOLDENS.resolve(release.label()).resolve(rpc);
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }

  /** The types that anything beside the handlers' own table names: what is sent. */
  private static Set<String> sent() throws IOException {
    Set<String> sent = new TreeSet<>();
    List<Path> sources = new ArrayList<>();
    for (String part : List.of("dispatch", "main")) {
      try (Stream<Path> files = Files.walk(SENDERS.resolve(part))) {
        // the gate names what it lets in
        files
            .filter(file -> file.toString().endsWith(".java"))
            .filter(file -> !file.endsWith("MemberGate.java"))
            .forEach(sources::add);
      }
    }
    for (Path source : sources) {
      String text = Files.readString(source);
      for (MessageType type : MessageType.values()) {
        if (text.contains("MessageType." + type.name())) {
          sent.add(type.name());
        }
      }
    }
    return sent;
  }

  private static List<Row> rows(String table) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(REFERENCE.resolve(table))) {
      String[] cells = line.split("\t", -1);
      if (cells.length > 5 && !cells[0].equals("rpc")) {
        rows.add(new Row(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]));
      }
    }
    return rows;
  }
}

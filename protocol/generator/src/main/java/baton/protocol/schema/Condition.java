package baton.protocol.schema;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * When an entry is there: alternatives, each a list of comparisons that must all hold.
 *
 * @param alternatives at least one, each with at least one comparison
 */
public record Condition(List<List<Comparison>> alternatives) {

  /** How two values are compared. */
  public enum Operator {
    EQUAL("=="),
    NOT_EQUAL("!="),
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">="),
    HAS("has");

    private final String text;

    Operator(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /** What an earlier property is compared with. */
  public sealed interface Operand {}

  /** A number, or true (1) and false (0). */
  public record Constant(long value, String text) implements Operand {}

  /** The absence of a value. */
  public record Null() implements Operand {}

  /** Another earlier property. */
  public record Property(String name) implements Operand {}

  /** One comparison of an earlier property. */
  public record Comparison(String property, Operator operator, Operand operand) {}

  /** Reads a condition; {@code &&} binds closer than {@code ||}. IllegalArgumentException. */
  static Condition parse(String text) {
    Tokens tokens = new Tokens(text);
    List<List<Comparison>> alternatives = new ArrayList<>();
    do {
      List<Comparison> all = new ArrayList<>();
      do {
        all.add(comparison(tokens));
      } while (tokens.accept("&&"));
      alternatives.add(List.copyOf(all));
    } while (tokens.accept("||"));
    tokens.expectEnd();
    return new Condition(List.copyOf(alternatives));
  }

  private static Comparison comparison(Tokens tokens) {
    String property = tokens.word();
    String sign = tokens.take();
    for (Operator operator : Operator.values()) {
      if (operator.text.equals(sign)) {
        return new Comparison(property, operator, operand(tokens));
      }
    }
    throw new IllegalArgumentException("unknown comparison \"" + sign + "\"");
  }

  private static Operand operand(Tokens tokens) {
    String word = tokens.take();
    OptionalLong number = Constants.value(word);
    if (number.isPresent()) {
      return new Constant(number.getAsLong(), word);
    }
    return switch (word) {
      case "null" -> new Null();
      case "true" -> new Constant(1, word);
      case "false" -> new Constant(0, word);
      default -> new Property(word);
    };
  }

  /** The properties that it needs. */
  public Set<String> properties() {
    Set<String> names = new LinkedHashSet<>();
    for (List<Comparison> all : alternatives) {
      for (Comparison comparison : all) {
        names.add(comparison.property());
        if (comparison.operand() instanceof Property property) {
          names.add(property.name());
        }
      }
    }
    return names;
  }

  /** Whether both can never hold at once, as far as comparisons with constants tell. */
  public boolean excludes(Condition other) {
    for (List<Comparison> mine : alternatives) {
      for (List<Comparison> theirs : other.alternatives) {
        if (!contradict(mine, theirs)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean contradict(List<Comparison> mine, List<Comparison> theirs) {
    for (Comparison one : mine) {
      for (Comparison two : theirs) {
        if (one.property().equals(two.property())
            && (contradicts(one, two) || contradicts(two, one))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean contradicts(Comparison one, Comparison two) {
    boolean opposite =
        one.operand().equals(two.operand())
            && one.operator() == Operator.EQUAL
            && two.operator() == Operator.NOT_EQUAL;
    if (opposite) {
      return true;
    }
    if (one.operand() instanceof Constant a && two.operand() instanceof Constant b) {
      long x = a.value();
      long y = b.value();
      return switch (one.operator()) {
        case EQUAL ->
            switch (two.operator()) {
              case EQUAL -> x != y;
              case NOT_EQUAL -> x == y;
              case LESS -> x >= y;
              case AT_MOST -> x > y;
              case GREATER -> x <= y;
              case AT_LEAST -> x < y;
              case HAS -> (x & y) != y;
            };
        case LESS ->
            (two.operator() == Operator.AT_LEAST && x <= y)
                || (two.operator() == Operator.GREATER && x <= y + 1);
        case AT_MOST ->
            (two.operator() == Operator.GREATER && x <= y)
                || (two.operator() == Operator.AT_LEAST && x < y);
        case NOT_EQUAL, GREATER, AT_LEAST, HAS -> false;
      };
    }
    return false;
  }

  /** As in the schema. */
  public String text() {
    return alternatives.stream()
        .map(all -> all.stream().map(Condition::text).collect(Collectors.joining(" && ")))
        .collect(Collectors.joining(" || "));
  }

  private static String text(Comparison comparison) {
    String operand;
    if (comparison.operand() instanceof Constant number) {
      operand = number.text();
    } else if (comparison.operand() instanceof Property property) {
      operand = property.name();
    } else {
      operand = "null";
    }
    return comparison.property() + " " + comparison.operator().text() + " " + operand;
  }
}

package baton.protocol.schema;

import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.Set;

/** How many items there are: earlier properties and literals, summed, subtracted, multiplied. */
public sealed interface Expression {

  /** A number that stands in the schema. */
  record Literal(long value) implements Expression {}

  /** The value of an earlier property. */
  record Property(String name) implements Expression {}

  /** How many bits are set in an earlier bit string; none in an absent one. */
  record Ones(String name) implements Expression {}

  /**
   * Two of them combined.
   *
   * @param sign {@code +}, {@code -} or {@code *}
   */
  record Binary(char sign, Expression left, Expression right) implements Expression {}

  /** The properties it needs, in the order named. */
  default Set<String> properties() {
    Set<String> names = new LinkedHashSet<>();
    collect(this, names);
    return names;
  }

  private static void collect(Expression expression, Set<String> names) {
    if (expression instanceof Property property) {
      names.add(property.name());
    } else if (expression instanceof Ones ones) {
      names.add(ones.name());
    } else if (expression instanceof Binary binary) {
      collect(binary.left(), names);
      collect(binary.right(), names);
    }
  }

  /** Reads a sum; a product binds closer. Fails with IllegalArgumentException. */
  static Expression parse(Tokens tokens) {
    Expression sum = product(tokens);
    while (tokens.peek().equals("+") || tokens.peek().equals("-")) {
      char sign = tokens.take().charAt(0);
      sum = new Binary(sign, sum, product(tokens));
    }
    return sum;
  }

  private static Expression product(Tokens tokens) {
    Expression product = factor(tokens);
    while (tokens.accept("*")) {
      product = new Binary('*', product, factor(tokens));
    }
    return product;
  }

  private static Expression factor(Tokens tokens) {
    String word = tokens.take();
    OptionalLong literal = Constants.value(word);
    if (literal.isPresent()) {
      return new Literal(literal.getAsLong());
    }
    if (!Character.isLetter(word.charAt(0))) {
      throw new IllegalArgumentException("\"" + word + "\" is neither a field nor a number");
    }
    if (word.equals("ones") && tokens.accept("(")) {
      String bits = tokens.word();
      tokens.expect(")");
      return new Ones(bits);
    }
    return new Property(word);
  }

  /** As in the schema. */
  default String text() {
    if (this instanceof Literal literal) {
      return Long.toString(literal.value());
    }
    if (this instanceof Property property) {
      return property.name();
    }
    if (this instanceof Ones ones) {
      return "ones(" + ones.name() + ")";
    }
    Binary binary = (Binary) this;
    return binary.left().text() + " " + binary.sign() + " " + binary.right().text();
  }
}

package baton.protocol.schema;

import baton.protocol.schema.WireType.Count;
import baton.protocol.schema.WireType.Many;
import baton.protocol.schema.WireType.Scalar;
import java.util.OptionalLong;

/** Reads the {@code type} of an entry. Fails with IllegalArgumentException. */
final class TypeParser {

  private TypeParser() {}

  static WireType parse(String text) {
    Tokens tokens = new Tokens(text);
    WireType type = counted(tokens);
    tokens.expectEnd();
    return type;
  }

  /** A type, and as many {@code [expr]} behind it as there are. */
  private static WireType counted(Tokens tokens) {
    WireType type = simple(tokens);
    while (tokens.peek().equals("[") || tokens.peek().equals("?")) {
      boolean nullable = tokens.accept("?");
      if (nullable) {
        requireNullable(type);
        if (!tokens.peek().equals("[")) {
          throw new IllegalArgumentException("\"?\" belongs to the items of an array or list");
        }
      }
      tokens.expect("[");
      Expression expression = Expression.parse(tokens);
      tokens.expect("]");
      type = new Many(Count.EXPRESSION, type, nullable, expression, limit(tokens));
    }
    return type;
  }

  private static WireType simple(Tokens tokens) {
    String word = tokens.word();
    for (Scalar scalar : Scalar.values()) {
      if (scalar.text().equals(word)) {
        return scalar;
      }
    }
    return switch (word) {
      case "string" -> new WireType.Text(limit(tokens), false);
      case "longdouble" -> new WireType.Text(limit(tokens), true);
      case "bytes" -> new WireType.Block(limit(tokens));
      case "bitstring" -> new WireType.Bits();
      case "array" -> many(tokens, Count.ARRAY);
      case "array16" -> many(tokens, Count.ARRAY16);
      case "list" -> many(tokens, Count.LIST);
      case "marked" -> many(tokens, Count.MARKED);
      case "sized" -> sized(tokens);
      default -> {
        if (!Character.isUpperCase(word.charAt(0))) {
          throw new IllegalArgumentException("unknown type \"" + word + "\"");
        }
        yield new WireType.Struct(word);
      }
    };
  }

  private static WireType many(Tokens tokens, Count count) {
    tokens.expect("<");
    WireType item = item(tokens);
    boolean nullable = tokens.accept("?");
    if (nullable) {
      requireNullable(item);
    }
    tokens.expect(">");
    int max = count == Count.MARKED ? mark(tokens) : limit(tokens);
    return new Many(count, item, nullable, null, max);
  }

  private static WireType item(Tokens tokens) {
    WireType type = simple(tokens);
    if (tokens.peek().equals("[")) {
      throw new IllegalArgumentException("T[expr] cannot be an item: make it a layout");
    }
    return type;
  }

  private static WireType sized(Tokens tokens) {
    tokens.expect("<");
    String layout = tokens.word();
    tokens.expect(">");
    return new WireType.Sized(layout, limit(tokens));
  }

  private static void requireNullable(WireType item) {
    boolean nullable =
        item instanceof WireType.Text
            || item instanceof WireType.Block
            || item instanceof WireType.Bits
            || item instanceof WireType.Sized;
    if (!nullable) {
      throw new IllegalArgumentException("items of type " + item.text() + " cannot be null");
    }
  }

  private static int limit(Tokens tokens) {
    return tokens.accept("(") ? number(tokens, "max", WireType.UNLIMITED) : WireType.UNLIMITED;
  }

  private static int mark(Tokens tokens) {
    tokens.expect("(");
    return number(tokens, "mark", 0xffff);
  }

  private static int number(Tokens tokens, String key, int greatest) {
    tokens.expect(key);
    tokens.expect("=");
    OptionalLong value = Constants.value(tokens.take());
    tokens.expect(")");
    if (value.isEmpty() || value.getAsLong() < 1 || value.getAsLong() > greatest) {
      throw new IllegalArgumentException(key + " must be 1 to " + greatest);
    }
    return (int) value.getAsLong();
  }
}

package baton.protocol.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words and signs of a type or a condition. Fails with IllegalArgumentException. */
final class Tokens {

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*([A-Za-z_][A-Za-z_0-9]*|0x[0-9a-fA-F]+|[0-9]+|&&|\\|\\||==|!=|<=|>=|[-<>\\[\\]()+*=?.])");

  private final String text;
  private final List<String> tokens = new ArrayList<>();
  private int next;

  Tokens(String text) {
    this.text = text;
    Matcher matcher = TOKEN.matcher(text);
    int at = 0;
    while (!text.substring(at).isBlank()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw new IllegalArgumentException("cannot read \"" + text + "\" at character " + at);
      }
      tokens.add(matcher.group(1));
      at = matcher.end();
    }
  }

  boolean atEnd() {
    return next == tokens.size();
  }

  /** The next token, left where it is; empty at the end. */
  String peek() {
    return atEnd() ? "" : tokens.get(next);
  }

  String take() {
    if (atEnd()) {
      throw new IllegalArgumentException("\"" + text + "\" ends too early");
    }
    return tokens.get(next++);
  }

  boolean accept(String token) {
    if (peek().equals(token)) {
      next++;
      return true;
    }
    return false;
  }

  void expect(String token) {
    if (!accept(token)) {
      throw new IllegalArgumentException(
          "\"" + text + "\": expected \"" + token + "\", found \"" + peek() + "\"");
    }
  }

  String word() {
    String word = take();
    if (!Character.isLetter(word.charAt(0))) {
      throw new IllegalArgumentException("\"" + text + "\": \"" + word + "\" is not a name");
    }
    return word;
  }

  void expectEnd() {
    if (!atEnd()) {
      throw new IllegalArgumentException("\"" + text + "\": unexpected \"" + peek() + "\"");
    }
  }
}

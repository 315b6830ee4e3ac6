package baton.controller.lifecycle;

import baton.controller.lifecycle.Constraints.Joint;
import baton.controller.lifecycle.Constraints.Term;
import baton.protocol.type.Release;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads an expression of node features. Like slurmctld it forgives an operator at the end, and up
 * to 24.05 whatever stands between a closing bracket and the next operator.
 */
final class ConstraintReader {
  private static final int NO_NUMBER = -1;

  private final String text;
  private final Release release;
  private final List<Term> terms = new ArrayList<>();
  private String name;
  private int count;
  private boolean inBrackets;
  private boolean inParentheses;
  private int brackets;
  private boolean countsOutside;
  private int at;

  private ConstraintReader(String text, Release release) {
    this.text = text;
    this.release = release;
  }

  /** The names of an expression; null if it is none. */
  static List<Term> read(String text, Release release) {
    ConstraintReader reader = new ConstraintReader(text, release);
    while (reader.at < text.length()) {
      if (!reader.step()) {
        return null;
      }
    }
    if (reader.name != null) {
      reader.add(Joint.END);
    }
    boolean several = reader.terms.size() > 1 && release.atLeast(Release.V23_02);
    boolean closed = !reader.inBrackets && !reader.inParentheses;
    return closed && !(reader.countsOutside && several) ? reader.terms : null;
  }

  /** True if parentheses are not closed, or brackets are closed that were not opened. */
  static boolean isUnbalanced(String text) {
    ConstraintReader reader = new ConstraintReader(text, Release.V22_05);
    while (reader.at < text.length()) {
      boolean closes = text.charAt(reader.at) == ']';
      if (!reader.step()) {
        return closes;
      }
    }
    return reader.inParentheses && !reader.inBrackets;
  }

  /** Whether counts stand where they make sense: in brackets with {@code &} only. */
  static boolean isConsistent(List<Term> terms) {
    boolean apart = false;
    boolean either = false;
    for (Term term : terms) {
      if (term.next() == Joint.APART && term.count() == 0) {
        return false;
      }
      if (term.next() == Joint.EITHER && term.count() > 0) {
        return false;
      }
      if ((apart || either) && !term.grouped() && !term.next().isBracketed()) {
        if ((apart && term.count() == 0) || (either && term.count() > 0)) {
          return false;
        }
        apart = false;
        either = false;
      }
      apart |= term.next() == Joint.APART;
      either |= term.next() == Joint.EITHER;
    }
    return true;
  }

  /** Takes what stands at the next character; false if it cannot stand there. */
  private boolean step() {
    char next = text.charAt(at);
    switch (next) {
      case '*' -> {
        return number();
      }
      case '&', '|' -> {
        at++;
        return name != null && add(joint(next));
      }
      case '[' -> {
        at++;
        boolean allowed = name == null && !inBrackets && ++brackets == 1 && mayBracket();
        inBrackets = true;
        return allowed;
      }
      case ']' -> {
        at++;
        boolean allowed = name != null && inBrackets && mayBracket();
        inBrackets = false;
        return allowed && isFollowed();
      }
      case '(' -> {
        at++;
        boolean allowed = name == null && !inParentheses;
        inParentheses = true;
        return allowed;
      }
      case ')' -> {
        at++;
        boolean allowed = name != null && inParentheses;
        inParentheses = false;
        return allowed && isFollowed();
      }
      default -> word();
    }
    return true;
  }

  /** From 23.02 brackets do not stand in parentheses. */
  private boolean mayBracket() {
    return !inParentheses || !release.atLeast(Release.V23_02);
  }

  /** From 24.11 only an operator comes after what is closed. */
  private boolean isFollowed() {
    boolean strict = release.atLeast(Release.V24_11);
    return !strict || at == text.length() || "&|*[]()".indexOf(text.charAt(at)) >= 0;
  }

  private void word() {
    int begin = at;
    while (at < text.length() && "&|*[]()".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    if (name == null) {
      name = text.substring(begin, at);
    }
  }

  private boolean number() {
    int begin = ++at;
    while (at < text.length() && Character.isDigit(text.charAt(at))) {
      at++;
    }
    count = at - begin > 9 ? NO_NUMBER : Integer.parseInt("0" + text.substring(begin, at));
    countsOutside |= !inBrackets;
    return name != null && count > 0 && !inParentheses;
  }

  private Joint joint(char operator) {
    boolean bracketed = inBrackets && !inParentheses;
    if (operator == '&') {
      return bracketed ? Joint.APART : Joint.AND;
    }
    return bracketed ? Joint.EITHER : Joint.OR;
  }

  private boolean add(Joint next) {
    terms.add(new Term(name, count, inParentheses, next));
    name = null;
    count = 0;
    return true;
  }
}

package baton.controller.lifecycle;

import baton.protocol.error.SlurmError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A job's constraint on node features ({@code -C}): names joined by {@code &} or {@code |}, read
 * from left to right without precedence, with one level of parentheses. A comma means {@code &}.
 *
 * <p>Counts ({@code fast*2}) and brackets ({@code [a|b]}), which choose among sets of nodes, are
 * refused.
 */
public final class Constraints {
  private static final Constraints NONE = new Constraints(List.of());

  /** A name, or a group of names in parentheses, and how it joins what is left of it. */
  private record Part(String name, Constraints group, boolean or) {}

  private final List<Part> parts;

  private Constraints(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /** The expression as slurmctld keeps it; null for none. */
  public static String normal(String expression) {
    return expression == null || expression.isEmpty() ? null : expression.replace(',', '&');
  }

  /** Reads an expression that {@link #refusal} let pass; null or empty constrains nothing. */
  public static Constraints of(String expression) {
    if (expression == null || expression.isEmpty()) {
      return NONE;
    }
    Constraints read = read(normal(expression), true);
    if (read == null) {
      throw new IllegalStateException("accepted a job with the constraint " + expression);
    }
    return read;
  }

  /**
   * Why an expression is refused; null if it is not.
   *
   * @param known the features that some node has
   */
  public static SlurmError refusal(String expression, Set<String> known) {
    if (expression == null || expression.isEmpty()) {
      return null;
    }
    Constraints read = read(normal(expression), true);
    return read == null || !read.names(known::contains) ? SlurmError.ESLURM_INVALID_FEATURE : null;
  }

  /** True if a node with these features is what the job wants. */
  public boolean accepts(Set<String> features) {
    boolean result = true;
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      boolean has =
          part.group() == null ? features.contains(part.name()) : part.group().accepts(features);
      result = i == 0 ? has : part.or() ? result || has : result && has;
    }
    return result;
  }

  public boolean isNone() {
    return parts.isEmpty();
  }

  private boolean names(Predicate<String> known) {
    return parts.stream()
        .allMatch(
            part -> part.group() == null ? known.test(part.name()) : part.group().names(known));
  }

  private static Constraints read(String text, boolean mayNest) {
    List<Part> parts = new ArrayList<>();
    boolean or = false;
    int at = 0;
    while (true) {
      int end = at;
      if (mayNest && at < text.length() && text.charAt(at) == '(') {
        int close = text.indexOf(')', at);
        Constraints group = close < 0 ? null : read(text.substring(at + 1, close), false);
        if (group == null) {
          return null;
        }
        parts.add(new Part(null, group, or));
        end = close + 1;
      } else {
        while (end < text.length() && "&|()[]*".indexOf(text.charAt(end)) < 0) {
          end++;
        }
        if (end == at) {
          return null;
        }
        parts.add(new Part(text.substring(at, end), null, or));
      }
      if (end == text.length()) {
        return new Constraints(parts);
      }
      char operator = text.charAt(end);
      if (operator != '&' && operator != '|') {
        return null;
      }
      or = operator == '|';
      at = end + 1;
    }
  }
}

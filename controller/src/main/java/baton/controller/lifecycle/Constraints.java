package baton.controller.lifecycle;

import baton.controller.model.Job;
import baton.protocol.error.SlurmError;
import baton.protocol.type.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A job's constraint on node features ({@code -C}): names joined by {@code &} or {@code |}, read
 * from left to right without precedence, with one level of parentheses. A comma means {@code &}.
 *
 * <p>{@code fast*2} wants at least two such nodes among those that the job gets. In brackets, names
 * joined by {@code |} are alternatives of which all nodes have the same one, and counts joined by
 * {@code &} want different nodes. Immutable; any thread.
 *
 * <p>Source of the behaviour: 22.05 src/slurmctld/job_scheduler.c, node_scheduler.c.
 */
public final class Constraints {
  private static final Constraints NONE = new Constraints(List.of());

  /** How a name is joined to the next. */
  enum Joint {
    AND,
    OR,
    /** {@code &} in brackets: other nodes. */
    APART,
    /** {@code |} in brackets: one of these for all nodes. */
    EITHER,
    END;

    boolean isBracketed() {
      return this == APART || this == EITHER;
    }
  }

  /**
   * One name.
   *
   * @param count nodes that must have it; 0 if nothing is said
   * @param grouped whether the next name stands in the same parentheses
   */
  record Term(String name, int count, boolean grouped, Joint next) {}

  /** A name or a group in parentheses. */
  record Part(List<Term> members) {
    Term last() {
      return members.get(members.size() - 1);
    }

    boolean accepts(Set<String> features) {
      boolean result = features.contains(members.get(0).name());
      for (int i = 1; i < members.size(); i++) {
        boolean has = features.contains(members.get(i).name());
        result = members.get(i - 1).next() == Joint.AND ? result && has : result || has;
      }
      return result;
    }
  }

  /**
   * A number of nodes that must have something.
   *
   * @param apart whether nodes that count already for another part do not count here
   * @param endsApart whether this part and all later ones are of nodes that need not be the same
   */
  public record Count(Part part, int nodes, boolean apart, boolean endsApart) {
    public boolean accepts(Set<String> features) {
      return part.accepts(features);
    }
  }

  private final List<Term> terms;
  private final List<Count> counts;
  private final List<Part> alternatives;

  private Constraints(List<Term> terms) {
    this.terms = List.copyOf(terms);
    List<Part> parts = parts(this.terms);
    this.counts = counts(parts);
    this.alternatives = alternatives(parts);
  }

  /** The expression as slurmctld keeps it; null for none. */
  public static String normal(String expression) {
    return expression == null || expression.isEmpty() ? null : expression.replace(',', '&');
  }

  /** The constraint under which a job was started, or would be; null for none. */
  public static String inForce(Job job) {
    return job.preferred() ? job.request().prefer() : job.request().features();
  }

  /** Reads an expression that {@link #refusal} let pass; null or empty constrains nothing. */
  public static Constraints of(String expression) {
    if (expression == null || expression.isEmpty()) {
      return NONE;
    }
    List<Term> terms = ConstraintReader.read(normal(expression), Release.V22_05);
    if (terms == null) {
      throw new IllegalStateException("accepted a job with the constraint " + expression);
    }
    return new Constraints(terms);
  }

  /**
   * Why an expression is refused; null if it is not.
   *
   * @param known the features that some node has; null if that does not matter
   * @param release whose rules they are
   */
  public static SlurmError refusal(String expression, Set<String> known, Release release) {
    if (expression == null || expression.isEmpty()) {
      return null;
    }
    List<Term> terms = ConstraintReader.read(normal(expression), release);
    boolean right =
        terms != null
            && ConstraintReader.isConsistent(terms)
            && terms.stream().allMatch(term -> known == null || known.contains(term.name()));
    return right ? null : SlurmError.ESLURM_INVALID_FEATURE;
  }

  /**
   * The same for what a job prefers ({@code --prefer}). Up to 22.05 most mistakes are named as if
   * they were in the constraint.
   */
  public static SlurmError refusalOfPreference(
      String expression, Set<String> known, Release release) {
    SlurmError refusal = refusal(expression, known, release);
    boolean asFeature =
        refusal != null
            && !release.atLeast(Release.V23_02)
            && ConstraintReader.read(normal(expression), release) == null
            && !ConstraintReader.isUnbalanced(normal(expression));
    return refusal == null || asFeature ? refusal : SlurmError.ESLURM_INVALID_PREFER;
  }

  /** True if a node with these features may be among the job's nodes. */
  public boolean accepts(Set<String> features) {
    if (!counts.isEmpty()) {
      return true;
    }
    boolean whole = true;
    boolean group = true;
    boolean inGroup = false;
    Joint last = Joint.AND;
    Joint beforeGroup = Joint.AND;
    for (Term term : terms) {
      if (term.grouped() && !inGroup) {
        inGroup = true;
        group = true;
        beforeGroup = last;
        last = Joint.AND;
      }
      boolean value = inGroup ? group : whole;
      boolean has = features.contains(term.name());
      if (!term.next().isBracketed()) {
        value = last == Joint.AND ? value && has : last == Joint.OR ? value || has : value;
      }
      if (inGroup) {
        group = value;
      } else {
        whole = value;
      }
      if (inGroup && !term.grouped()) {
        whole = beforeGroup == Joint.AND ? whole && group : whole || group;
        inGroup = false;
      }
      last = term.next();
    }
    return whole;
  }

  public boolean isNone() {
    return terms.isEmpty();
  }

  /** Numbers of nodes, in the order in which they are looked for. */
  public List<Count> counts() {
    return counts;
  }

  /** True if counts are of different nodes: then no alternative is for all of them. */
  public boolean isApart() {
    return counts.stream().anyMatch(Count::endsApart);
  }

  /** How many alternatives there are in brackets; 0 for none. */
  public int alternatives() {
    return alternatives.size();
  }

  /** True if a node with these features is of an alternative. */
  public boolean isOf(int alternative, Set<String> features) {
    return alternatives.get(alternative).accepts(features);
  }

  private static List<Part> parts(List<Term> terms) {
    List<Part> parts = new ArrayList<>();
    List<Term> members = new ArrayList<>();
    for (Term term : terms) {
      members.add(term);
      if (!term.grouped()) {
        parts.add(new Part(List.copyOf(members)));
        members.clear();
      }
    }
    return List.copyOf(parts);
  }

  private static List<Count> counts(List<Part> parts) {
    List<Count> found = new ArrayList<>();
    boolean apart = false;
    for (Part part : parts) {
      Term last = part.last();
      if (last.count() > 0) {
        boolean endsApart = apart || last.next() == Joint.APART;
        found.add(new Count(part, last.count(), apart, endsApart));
        apart = endsApart;
      }
    }
    return List.copyOf(found);
  }

  private static List<Part> alternatives(List<Part> parts) {
    List<Part> found = new ArrayList<>();
    boolean bracketed = false;
    for (Part part : parts) {
      boolean next = part.last().next().isBracketed();
      if (next || bracketed) {
        found.add(part);
      }
      bracketed = next;
    }
    return List.copyOf(found);
  }
}

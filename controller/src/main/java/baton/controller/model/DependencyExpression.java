package baton.controller.model;

import baton.controller.model.DependencyTerm.Kind;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A dependency expression as sbatch and scontrol take it, such as {@code afterok:12:13,singleton}:
 * conditions that must all be fulfilled, or, once a {@code ?} stands between them, any one.
 *
 * <p>A term that is fulfilled is no part of it any more; one that failed says so. That text is what
 * a job carries and clients see. Source of the grammar: 22.05 src/slurmctld/job_scheduler.c; what
 * follows a closing bracket and separates nothing is passed over, as there.
 *
 * @param terms the conditions, without repetitions
 * @param any true if one of them is enough
 */
public record DependencyExpression(List<DependencyTerm> terms, boolean any) {
  /** Nothing to wait for. */
  public static final DependencyExpression NONE = new DependencyExpression(List.of(), false);

  /** In the index of who waits for whom: those that wait for their namesakes. */
  public static final JobId NAMESAKES = JobId.of(0);

  /** More conditions than this are refused: the text is kept with the job. */
  private static final int MOST_TERMS = 100_000;

  public DependencyExpression {
    terms = List.copyOf(terms);
  }

  /**
   * Reads an expression.
   *
   * @param text null, empty or 0 for none
   * @return null if it is none
   */
  public static DependencyExpression parse(String text) {
    if (text == null || text.isEmpty() || text.equals("0")) {
      return NONE;
    }
    return new Reader(text).read();
  }

  /** What a job waits for; nothing unless it is pending. */
  public static DependencyExpression of(Job job) {
    String text = job.state() == JobState.PENDING ? job.request().dependency() : null;
    DependencyExpression parsed = parse(text);
    return parsed == null ? NONE : parsed;
  }

  /** The jobs and arrays whose fate decides it; {@link #NAMESAKES} for a singleton. */
  public Set<JobId> waitsFor() {
    Set<JobId> ids = new LinkedHashSet<>();
    for (DependencyTerm term : terms) {
      ids.add(term.kind() == Kind.SINGLETON ? NAMESAKES : JobId.of(term.jobId()));
    }
    return ids;
  }

  /** As clients see it; null if nothing is left to wait for. */
  public String text() {
    return terms.isEmpty()
        ? null
        : terms.stream().map(DependencyTerm::text).collect(Collectors.joining(any ? "?" : ","));
  }

  /** True if it can never be fulfilled. */
  public boolean isHopeless() {
    return any
        ? !terms.isEmpty() && terms.stream().allMatch(DependencyTerm::failed)
        : terms.stream().anyMatch(DependencyTerm::failed);
  }

  /** Reads from left to right; a null result means that it made no sense. */
  private static final class Reader {
    private final String text;
    private final Map<DependencyTerm, DependencyTerm> terms = new LinkedHashMap<>();
    private boolean any;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    DependencyExpression read() {
      do {
        if (!group()) {
          return null;
        }
      } while (separator());
      boolean tooMany = terms.size() > MOST_TERMS;
      return tooMany ? null : new DependencyExpression(List.copyOf(terms.values()), any);
    }

    /** Steps over what separates two groups. */
    private boolean separator() {
      if (at < text.length() && (text.charAt(at) == ',' || text.charAt(at) == '?')) {
        any |= text.charAt(at) == '?';
        at++;
        return true;
      }
      return false;
    }

    private boolean group() {
      String rest = text.substring(at, Math.min(text.length(), at + 20)).toLowerCase(Locale.ROOT);
      if (rest.startsWith(Kind.SINGLETON.word())) {
        at += Kind.SINGLETON.word().length();
        Boolean failed = state();
        if (failed == null) {
          return false;
        }
        add(new DependencyTerm(Kind.SINGLETON, 0, NoVal.NO_VAL, 0, failed));
        return at == text.length() || text.charAt(at) == ',' || text.charAt(at) == '?';
      }
      if (text.indexOf(':', at) < 0) {
        return plain();
      }
      for (Kind kind : Kind.values()) {
        if (kind != Kind.SINGLETON && rest.startsWith(kind.word() + ":")) {
          at += kind.word().length();
          return jobs(kind);
        }
      }
      return false;
    }

    /** The oldest form: a job's number alone, which means afterany. */
    private boolean plain() {
      long id = number();
      if (id <= 0) {
        return false;
      }
      List<Long> tasks = tasks();
      if (tasks == null || (at < text.length() && text.charAt(at) != ',')) {
        return false;
      }
      tasks.forEach(task -> add(new DependencyTerm(Kind.AFTER_ANY, id, task, 0, false)));
      return true;
    }

    private boolean jobs(Kind kind) {
      long minutes = 0;
      do {
        at++;
        long id = number();
        List<Long> tasks = id <= 0 ? null : tasks();
        if (tasks == null || (at < text.length() && ",?:+(".indexOf(text.charAt(at)) < 0)) {
          return false;
        }
        if (at < text.length() && text.charAt(at) == '+') {
          at++;
          minutes = number();
          if (minutes <= 0) {
            return false;
          }
        }
        Boolean failed = state();
        if (failed == null) {
          return false;
        }
        for (long task : tasks) {
          add(new DependencyTerm(kind, id, task, minutes, failed));
        }
      } while (at < text.length() && text.charAt(at) == ':');
      return true;
    }

    /** What repeats an earlier condition is passed over, whatever its delay. */
    private void add(DependencyTerm term) {
      DependencyTerm condition =
          new DependencyTerm(term.kind(), term.jobId(), term.arrayTask(), 0, false);
      terms.putIfAbsent(condition, term);
    }

    /** Which tasks of an array; NO_VAL alone if none are named, null if it makes no sense. */
    private List<Long> tasks() {
      if (at >= text.length() || text.charAt(at) != '_') {
        return List.of(NoVal.NO_VAL);
      }
      at++;
      if (at < text.length() && text.charAt(at) == '*') {
        at++;
        return List.of(DependencyTerm.WHOLE_ARRAY);
      }
      if (at < text.length() && text.charAt(at) == '[') {
        at++;
        return listed();
      }
      long task = number();
      return task < 0 ? null : List.of(task);
    }

    /** Numbers and ranges up to a closing bracket. */
    private List<Long> listed() {
      List<Long> tasks = new ArrayList<>();
      do {
        long first = number();
        long last = first;
        if (at < text.length() && text.charAt(at) == '-') {
          at++;
          last = number();
        }
        if (first < 0 || last < first || last - first >= MOST_TERMS) {
          return null;
        }
        for (long task = first; task <= last; task++) {
          tasks.add(task);
        }
        if (tasks.size() > MOST_TERMS || at >= text.length()) {
          return null;
        }
      } while (text.charAt(at++) == ',');
      return text.charAt(at - 1) == ']' ? tasks : null;
    }

    /** Whether the condition is said to have failed; null if a bracket is not closed. */
    private Boolean state() {
      if (at >= text.length() || text.charAt(at) != '(') {
        return false;
      }
      int end = text.indexOf(')', at);
      if (end < 0) {
        return null;
      }
      boolean failed = text.substring(at + 1, end).equalsIgnoreCase("failed");
      at = end + 1;
      return failed;
    }

    /** The digits from here on; -1 if there are none or the number is greater than Slurm's. */
    private long number() {
      int from = at;
      long value = 0;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        value = value * 10 + (text.charAt(at++) - '0');
        if (value >= NoVal.NO_VAL) {
          return -1;
        }
      }
      return at == from ? -1 : value;
    }
  }
}

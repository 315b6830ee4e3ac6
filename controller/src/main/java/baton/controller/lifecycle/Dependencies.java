package baton.controller.lifecycle;

import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobFlag;
import baton.controller.model.JobState;
import baton.controller.model.collection.SortedTable;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dependencies of batch jobs on others: {@code afterok:12:13,singleton} and the like. The text that
 * a job carries tells how each stands, as clients see it: {@code afterok:12(unfulfilled)}. What is
 * fulfilled is left out; what failed stays failed, even when the other job is forgotten.
 */
public final class Dependencies {
  private static final Pattern ON_A_JOB =
      Pattern.compile("([1-9][0-9]{0,9})(\\+([1-9][0-9]{0,8}))?(\\((\\w+)\\))?");
  private static final Pattern SINGLETON = Pattern.compile("singleton(\\((\\w+)\\))?");
  private static final List<String> KINDS =
      List.of("after", "afterany", "afterok", "afternotok", "afterburstbuffer");

  private Dependencies() {}

  /** How a job stands with its dependencies. */
  public enum Standing {
    /** None are open. */
    MET,
    /** Some are open, and may still be met. */
    WAITING,
    /** One can never be met. */
    NEVER
  }

  private enum Outcome {
    FULFILLED,
    UNFULFILLED,
    FAILED
  }

  /**
   * What an expression comes to now.
   *
   * @param remaining what is not fulfilled, as text; null if nothing is left to wait for
   * @param never true if it can never be fulfilled
   * @param refusal why the expression is refused; null if it is not
   */
  public record Parsed(String remaining, boolean never, SlurmError refusal) {}

  private record Term(String text, Outcome outcome) {}

  /**
   * Reads an expression.
   *
   * @param self the job that depends; null for one that has no id yet
   */
  public static Parsed parse(
      SortedTable<JobId, Job> jobs, Job self, String expression, Instant now) {
    if (expression == null || expression.isEmpty() || expression.equals("0")) {
      return new Parsed(null, false, null);
    }
    boolean any = expression.indexOf('?') >= 0;
    List<Term> terms = new ArrayList<>();
    for (String text : expression.split(any ? "\\?" : ",", -1)) {
      SlurmError refusal = read(jobs, self, text, now, terms);
      if (refusal != null) {
        return new Parsed(null, false, refusal);
      }
    }
    return judge(terms, any);
  }

  /** How a waiting job stands now. */
  public static Standing standing(ClusterState snapshot, Job job, Instant now) {
    if (job.request().dependency() == null) {
      return Standing.MET;
    }
    Parsed parsed = parse(snapshot.jobs(), job, job.request().dependency(), now);
    if (parsed.never()) {
      return Standing.NEVER;
    }
    return parsed.remaining() == null ? Standing.MET : Standing.WAITING;
  }

  private static Parsed judge(List<Term> terms, boolean any) {
    List<String> left = new ArrayList<>();
    int failed = 0;
    for (Term term : terms) {
      if (term.outcome() == Outcome.FULFILLED) {
        if (any) {
          return new Parsed(null, false, null);
        }
        continue;
      }
      failed += term.outcome() == Outcome.FAILED ? 1 : 0;
      String state = term.outcome() == Outcome.FAILED ? "(failed)" : "(unfulfilled)";
      left.add(term.text() + state);
    }
    boolean never = any ? failed == left.size() && failed > 0 : failed > 0;
    return new Parsed(left.isEmpty() ? null : String.join(any ? "?" : ",", left), never, null);
  }

  private static SlurmError read(
      SortedTable<JobId, Job> jobs, Job self, String text, Instant now, List<Term> terms) {
    String lower = text.toLowerCase(Locale.ROOT);
    Matcher singleton = SINGLETON.matcher(lower);
    if (singleton.matches()) {
      terms.add(
          new Term("singleton", isAlone(jobs, self) ? Outcome.FULFILLED : Outcome.UNFULFILLED));
      return null;
    }
    // A plain job id, the oldest form, means afterany.
    boolean plain = !lower.isEmpty() && Character.isDigit(lower.charAt(0));
    String[] parts = (plain ? "afterany:" + lower : lower).split(":", -1);
    if (parts.length < 2 || !KINDS.contains(parts[0])) {
      return SlurmError.ESLURM_DEPENDENCY;
    }
    for (int i = 1; i < parts.length; i++) {
      Matcher on = ON_A_JOB.matcher(parts[i]);
      if (!on.matches()) {
        return SlurmError.ESLURM_DEPENDENCY;
      }
      long id = Long.parseLong(on.group(1));
      if (id > 0xffffffffL || (self != null && self.id().value() == id)) {
        return SlurmError.ESLURM_DEPENDENCY;
      }
      long minutes = on.group(3) == null ? 0 : Long.parseLong(on.group(3));
      Outcome outcome =
          "failed".equals(on.group(5))
              ? Outcome.FAILED
              : outcome(parts[0], jobs.get(JobId.of(id)).orElse(null), minutes, now);
      String delay = minutes == 0 ? "" : "+" + minutes;
      terms.add(new Term(parts[0] + ":" + id + delay, outcome));
    }
    return null;
  }

  /** A job that is not known, or not any more, holds nobody up. */
  private static Outcome outcome(String kind, Job other, long minutes, Instant now) {
    if (other == null) {
      return Outcome.FULFILLED;
    }
    if (kind.equals("after")) {
      boolean begun = !JobLifecycle.isPending(other);
      boolean longEnough =
          minutes == 0
              || (other.startTime() != null
                  && !other.startTime().plusSeconds(minutes * 60).isAfter(now));
      return begun && longEnough ? Outcome.FULFILLED : Outcome.UNFULFILLED;
    }
    if (kind.equals("afternotok") && (other.stateFlags() & JobFlag.SPECIAL_EXIT) != 0) {
      return Outcome.FULFILLED;
    }
    if (!JobLifecycle.isCompleted(other)) {
      return Outcome.UNFULFILLED;
    }
    boolean good = other.state() == JobState.COMPLETE;
    if (kind.equals("afterok")) {
      return good ? Outcome.FULFILLED : Outcome.FAILED;
    }
    if (kind.equals("afternotok")) {
      return good ? Outcome.FAILED : Outcome.FULFILLED;
    }
    return Outcome.FULFILLED;
  }

  /** True if no job of the same name and owner runs, or was submitted earlier and waits. */
  private static boolean isAlone(SortedTable<JobId, Job> jobs, Job self) {
    if (self == null) {
      return false;
    }
    for (Job other : jobs.values()) {
      boolean ahead =
          JobLifecycle.isRunning(other)
              || JobLifecycle.isSuspended(other)
              || (JobLifecycle.isPending(other) && other.id().compareTo(self.id()) < 0);
      if (ahead
          && !other.id().equals(self.id())
          && other.request().userId().equals(self.request().userId())
          && Objects.equals(other.request().name(), self.request().name())) {
        return false;
      }
    }
    return true;
  }
}

package baton.controller.lifecycle;

import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.collection.SortedTable;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Dependencies of batch jobs on others: {@code afterok:12:13,singleton} and the like. */
public final class Dependencies {
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

  /**
   * What an expression comes to now.
   *
   * @param remaining what is not fulfilled yet, as text; null if nothing is
   * @param never true if it can never be fulfilled
   * @param refusal why the expression is refused; null if it is not
   */
  public record Parsed(String remaining, boolean never, SlurmError refusal) {}

  public static Parsed parse(SortedTable<JobId, Job> jobs, String expression) {
    if (expression == null || expression.isEmpty()) {
      return new Parsed(null, false, null);
    }
    boolean any = expression.indexOf('?') >= 0;
    List<String> left = new ArrayList<>();
    boolean never = false;
    for (String term : expression.split(any ? "\\?" : ",", -1)) {
      Parsed one = term(jobs, term);
      if (one.refusal() != null) {
        return one;
      }
      if (one.remaining() == null && any) {
        return new Parsed(null, false, null);
      }
      if (one.remaining() != null) {
        left.add(one.remaining());
      }
      never |= one.never();
    }
    String joined = left.isEmpty() ? null : String.join(any ? "?" : ",", left);
    return new Parsed(joined, never, null);
  }

  /** How a job stands now. */
  public static Standing standing(ClusterState snapshot, Job job) {
    String expression = job.request().dependency();
    if (expression == null) {
      return Standing.MET;
    }
    Parsed parsed = parse(snapshot.jobs(), expression);
    if (parsed.never()) {
      return Standing.NEVER;
    }
    if (parsed.remaining() == null) {
      return Standing.MET;
    }
    boolean onlySingleton = parsed.remaining().equals("singleton");
    return onlySingleton && isAlone(snapshot, job) ? Standing.MET : Standing.WAITING;
  }

  /** True if no earlier job of the same name and owner is still going. */
  private static boolean isAlone(ClusterState snapshot, Job job) {
    for (Job other : snapshot.jobs().values()) {
      if (other.id().compareTo(job.id()) >= 0) {
        return true;
      }
      boolean same =
          other.request().userId().equals(job.request().userId())
              && Objects.equals(other.request().name(), job.request().name());
      if (same && !JobLifecycle.isCompleted(other)) {
        return false;
      }
    }
    return true;
  }

  private static Parsed term(SortedTable<JobId, Job> jobs, String term) {
    if (term.equals("singleton")) {
      return new Parsed("singleton", false, null);
    }
    String[] parts = term.replaceAll("\\((un)?fulfilled\\)|\\(failed\\)", "").split(":", -1);
    if (parts.length < 2
        || !List.of("after", "afterany", "afterok", "afternotok").contains(parts[0])) {
      return new Parsed(null, false, SlurmError.ESLURM_DEPENDENCY);
    }
    List<String> left = new ArrayList<>();
    boolean never = false;
    for (int i = 1; i < parts.length; i++) {
      String number = parts[i].split("\\+", 2)[0];
      if (!number.matches("[1-9][0-9]{0,9}")) {
        return new Parsed(null, false, SlurmError.ESLURM_DEPENDENCY);
      }
      Job other = jobs.get(JobId.of(Long.parseLong(number))).orElse(null);
      Boolean met = isMet(parts[0], other);
      if (met == null) {
        never = true;
      }
      if (met == null || !met) {
        left.add(parts[0] + ":" + parts[i] + (met == null ? "(failed)" : "(unfulfilled)"));
      }
    }
    return new Parsed(left.isEmpty() ? null : String.join(",", left), never, null);
  }

  /** True if met, false if not yet, null if never. A job that is not known any more has ended. */
  private static Boolean isMet(String kind, Job other) {
    if (kind.equals("after")) {
      return other == null || !JobLifecycle.isPending(other);
    }
    if (other == null) {
      return kind.equals("afternotok") ? null : Boolean.TRUE;
    }
    if (!JobLifecycle.isCompleted(other)) {
      return false;
    }
    boolean good = other.state() == JobState.COMPLETE;
    if (kind.equals("afterany")) {
      return true;
    }
    return kind.equals("afterok") == good ? Boolean.TRUE : null;
  }
}

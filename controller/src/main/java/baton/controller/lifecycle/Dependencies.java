package baton.controller.lifecycle;

import baton.controller.model.ArrayIndex;
import baton.controller.model.DependencyExpression;
import baton.controller.model.DependencyTerm;
import baton.controller.model.DependencyTerm.Kind;
import baton.controller.model.Job;
import baton.controller.model.JobFlag;
import baton.controller.model.JobState;
import baton.controller.model.PartitionName;
import baton.controller.model.collection.SortedTable;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * How jobs stand with their dependencies on others. What is fulfilled is left out of a job's
 * expression; what failed stays failed, even when the other job is forgotten. A job that is not
 * known, or not any more, holds nobody up.
 */
public final class Dependencies {
  private Dependencies() {}

  /** How a job stands with its dependencies. */
  public enum Standing {
    /** None are open. */
    MET,
    /** Some are open, and may still be met. */
    WAITING,
    /** It can never start because of them. */
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
   * @param expands the job that is to be expanded; {@link Expansion#NOBODY} for none
   */
  public record Parsed(String remaining, boolean never, SlurmError refusal, JobId expands) {
    /** Depends on nothing. */
    public static final Parsed NOTHING = new Parsed(null, false, null, Expansion.NOBODY);

    private static Parsed refused(SlurmError error) {
      return new Parsed(null, false, error, Expansion.NOBODY);
    }

    /** True if it expands another, and need not wait for that any more. */
    public boolean expandsNow() {
      boolean waits = remaining != null && remaining.contains(Kind.EXPAND.word());
      return !expands.equals(Expansion.NOBODY) && !waits;
    }
  }

  /**
   * The jobs there are.
   *
   * @param arrays which of them are tasks of which array
   */
  public record Known(SortedTable<JobId, Job> jobs, ArrayIndex arrays) {
    /** True if a condition is about a job, or a task of an array, that there is. */
    boolean has(DependencyTerm term) {
      return find(this, term) != null;
    }
  }

  /**
   * What the configuration says about dependencies.
   *
   * @param mayExpand true if jobs may be expanded (SchedulerParameters=permit_job_expansion)
   * @param endMustBeKnown true if nothing is taken that depends on how an unknown job ended, which
   *     up to 22.05 counts as fulfilled
   * @param mayMix true if one expression may have commas and question marks, as up to 25.05
   * @param expandsOne true if one expression may name only one job to be expanded, as from 25.11
   * @param depth how far a circle is looked for (SchedulerParameters=max_depend_depth)
   */
  public record Rules(
      boolean mayExpand, boolean endMustBeKnown, boolean mayMix, boolean expandsOne, int depth) {}

  /** What others are like: one job, or all tasks of an array. */
  private record Others(boolean pending, boolean completed, boolean good, boolean special) {}

  /**
   * Reads an expression that a client gave.
   *
   * @param self the job that is to depend; null for one that has no id yet
   * @param partition the first that it is for
   */
  public static Parsed parse(
      Known known, Job self, PartitionName partition, String text, Rules rules, Instant now) {
    DependencyExpression read = DependencyExpression.parse(text);
    boolean mixed = text != null && text.indexOf(',') >= 0 && text.indexOf('?') >= 0;
    if (read == null || (mixed && !rules.mayMix())) {
      return Parsed.refused(SlurmError.ESLURM_DEPENDENCY);
    }
    List<DependencyTerm> terms = new ArrayList<>();
    for (DependencyTerm term : read.terms()) {
      if (term.kind() == Kind.EXPAND && !rules.mayExpand()) {
        return Parsed.refused(SlurmError.ESLURM_NOT_SUPPORTED);
      }
      DependencyTerm full = completed(known, term);
      boolean onEnd = term.kind() == Kind.AFTER_OK || term.kind() == Kind.AFTER_NOT_OK;
      boolean bad =
          isSelf(known, self, full)
              || (term.kind() == Kind.EXPAND && !Expansion.fits(find(known, term), partition))
              || (onEnd && rules.endMustBeKnown() && !known.has(full));
      if (bad) {
        return Parsed.refused(SlurmError.ESLURM_DEPENDENCY);
      }
      terms.add(full);
    }
    DependencyExpression expression = new DependencyExpression(terms, read.any());
    if (Expansion.isTooMany(text, expression, rules.expandsOne())) {
      return Parsed.refused(SlurmError.ESLURM_DEPENDENCY);
    }
    if (self != null && new Circle(known, self, rules.depth()).isIn(expression)) {
      return Parsed.refused(SlurmError.ESLURM_CIRCULAR_DEPENDENCY);
    }
    Parsed judged = judge(known, self, expression, now);
    return new Parsed(judged.remaining(), judged.never(), null, Expansion.target(expression));
  }

  /** What a job's own expression comes to now. */
  public static Parsed judge(Known known, Job job, Instant now) {
    DependencyExpression expression = DependencyExpression.parse(job.request().dependency());
    return judge(known, job, expression == null ? DependencyExpression.NONE : expression, now);
  }

  /** How a waiting job stands, by what its expression says. */
  public static Standing standing(Job job) {
    if (job.request().dependency() == null) {
      return Standing.MET;
    }
    DependencyExpression expression = DependencyExpression.parse(job.request().dependency());
    boolean hopeless = expression != null && expression.isHopeless();
    return hopeless ? Standing.NEVER : Standing.WAITING;
  }

  /**
   * True if a task that an array's record stands for may know more than the others: its like in
   * another array has ended.
   */
  public static boolean standsAlone(Known known, Job head, long task) {
    for (DependencyTerm term : DependencyExpression.of(head).terms()) {
      Job like =
          term.kind() == Kind.AFTER_CORRESPONDING
              ? task(known, JobId.of(term.jobId()), task)
              : null;
      if (like != null && JobArrays.isTask(like) && JobLifecycle.isCompleted(like)) {
        return true;
      }
    }
    return false;
  }

  private static Parsed judge(Known known, Job self, DependencyExpression expression, Instant now) {
    List<DependencyTerm> left = new ArrayList<>();
    for (DependencyTerm term : expression.terms()) {
      Outcome outcome = term.failed() ? Outcome.FAILED : outcome(known, self, term, now);
      if (outcome != Outcome.FULFILLED) {
        left.add(outcome == Outcome.FAILED ? term.asFailed() : term);
      } else if (expression.any()) {
        return Parsed.NOTHING;
      }
    }
    DependencyExpression rest = new DependencyExpression(left, expression.any());
    return new Parsed(rest.text(), rest.isHopeless(), null, Expansion.NOBODY);
  }

  /** A dependency on an array's number means all of its tasks. */
  private static DependencyTerm completed(Known known, DependencyTerm term) {
    boolean one = term.kind() == Kind.SINGLETON || term.arrayTask() != NoVal.NO_VAL;
    if (one || tasks(known, JobId.of(term.jobId())).isEmpty()) {
      return term;
    }
    return new DependencyTerm(
        term.kind(), term.jobId(), DependencyTerm.WHOLE_ARRAY, term.minutes(), term.failed());
  }

  private static boolean isSelf(Known known, Job self, DependencyTerm term) {
    if (self == null || term.kind() == Kind.SINGLETON) {
      return false;
    }
    if (term.arrayTask() == DependencyTerm.WHOLE_ARRAY) {
      return self.arrayJobId().value() == term.jobId();
    }
    Job other = find(known, term);
    return other != null && other.id().equals(self.id());
  }

  private static Outcome outcome(Known known, Job self, DependencyTerm term, Instant now) {
    if (term.kind() == Kind.SINGLETON) {
      return isAlone(known, self) ? Outcome.FULFILLED : Outcome.UNFULFILLED;
    }
    Job other = find(known, term);
    if (other == null) {
      return Outcome.FULFILLED;
    }
    Others others = others(known, other, term);
    return switch (term.kind()) {
      case AFTER -> begun(others, other, term, now);
      case AFTER_ANY, AFTER_BURST_BUFFER ->
          others.completed() ? Outcome.FULFILLED : Outcome.UNFULFILLED;
      case AFTER_OK -> ended(others, true);
      case AFTER_NOT_OK -> others.special() ? Outcome.FULFILLED : ended(others, false);
      case AFTER_CORRESPONDING -> corresponding(known, self, term, others);
      case EXPAND -> expandable(others, other, now);
      case SINGLETON -> throw new IllegalStateException("a singleton names no job");
    };
  }

  private static Outcome begun(Others others, Job other, DependencyTerm term, Instant now) {
    Instant start = other.startTime();
    boolean longEnough =
        term.minutes() == 0
            || (start != null && !start.plusSeconds(term.minutes() * 60).isAfter(now));
    return !others.pending() && longEnough ? Outcome.FULFILLED : Outcome.UNFULFILLED;
  }

  private static Outcome ended(Others others, boolean wanted) {
    if (!others.completed()) {
      return Outcome.UNFULFILLED;
    }
    return others.good() == wanted ? Outcome.FULFILLED : Outcome.FAILED;
  }

  /** Each task waits for its like; what is no task waits for all. */
  private static Outcome corresponding(Known known, Job self, DependencyTerm term, Others others) {
    boolean isTask = self != null && JobArrays.isTask(self);
    Job like = isTask ? task(known, JobId.of(term.jobId()), self.arrayTaskId()) : null;
    if (like != null) {
      return ended(one(like), true);
    }
    Outcome whole = ended(others, true);
    boolean splits = self != null && JobArrays.isUnsplit(self);
    return whole == Outcome.FAILED && splits ? Outcome.UNFULFILLED : whole;
  }

  private static Outcome expandable(Others others, Job other, Instant now) {
    if (others.completed()) {
      return Outcome.FAILED;
    }
    boolean runs = other.endTime() != null && other.endTime().isAfter(now);
    return !others.pending() && runs ? Outcome.FULFILLED : Outcome.UNFULFILLED;
  }

  private static Others others(Known known, Job other, DependencyTerm term) {
    if (term.arrayTask() != DependencyTerm.WHOLE_ARRAY) {
      return one(other);
    }
    boolean pending = false;
    boolean completed = true;
    boolean good = true;
    for (Job task : tasks(known, JobId.of(term.jobId()))) {
      pending |= JobLifecycle.isPending(task);
      completed &= JobLifecycle.isCompleted(task);
      good &= task.state() == JobState.COMPLETE && task.arrayHighestExit() == 0;
    }
    return new Others(pending, completed, good, isSpecial(other));
  }

  private static Others one(Job job) {
    return new Others(
        JobLifecycle.isPending(job),
        JobLifecycle.isCompleted(job),
        job.state() == JobState.COMPLETE,
        isSpecial(job));
  }

  private static boolean isSpecial(Job job) {
    return (job.stateFlags() & JobFlag.SPECIAL_EXIT) != 0;
  }

  /** The job that a condition names; null if there is none (any more). */
  private static Job find(Known known, DependencyTerm term) {
    JobId id = JobId.of(term.jobId());
    if (term.arrayTask() == NoVal.NO_VAL) {
      return known.jobs().get(id).orElse(null);
    }
    if (term.arrayTask() != DependencyTerm.WHOLE_ARRAY) {
      return task(known, id, term.arrayTask());
    }
    List<Job> tasks = tasks(known, id);
    return tasks.isEmpty() ? null : tasks.get(0);
  }

  /** A task of an array; the array's first record while the task has none of its own. */
  private static Job task(Known known, JobId array, long number) {
    JobId own = known.arrays().task(array, number).orElse(null);
    if (own != null) {
      return known.jobs().require(own);
    }
    Job head = known.jobs().get(array).orElse(null);
    boolean stands = head != null && JobArrays.isUnsplit(head);
    return stands && head.arrayPendingTasks().toBitSet().get((int) number) ? head : null;
  }

  /** All records of an array; none if it is no array. */
  private static List<Job> tasks(Known known, JobId array) {
    Job head = known.jobs().get(array).orElse(null);
    if (head != null && head.arrayJobId().value() == 0) {
      return List.of();
    }
    List<Job> tasks = new ArrayList<>();
    if (head != null) {
      tasks.add(head);
    }
    for (JobId id : known.arrays().tasksOf(array)) {
      if (!id.equals(array)) {
        tasks.add(known.jobs().require(id));
      }
    }
    return tasks;
  }

  /** True if no job of the same name and owner runs, or was submitted earlier and waits. */
  private static boolean isAlone(Known known, Job self) {
    if (self == null) {
      return false;
    }
    for (Job other : known.jobs().values()) {
      boolean ahead =
          JobLifecycle.isRunning(other)
              || JobLifecycle.isSuspended(other)
              || (JobLifecycle.isPending(other) && other.id().compareTo(self.id()) < 0);
      if (ahead && !other.id().equals(self.id()) && areNamesakes(self, other)) {
        return false;
      }
    }
    return true;
  }

  /** True if two jobs have the same name and owner. */
  public static boolean areNamesakes(Job one, Job other) {
    return one.request().userId().equals(other.request().userId())
        && Objects.equals(one.request().name(), other.request().name());
  }

  /** Looks for a job among those that it is to wait for, and those that they wait for. */
  private static final class Circle {
    private final Known known;
    private final Job self;
    private final int depth;
    private final Set<JobId> seen = new HashSet<>();
    private int looked;

    Circle(Known known, Job self, int depth) {
      this.known = known;
      this.self = self;
      this.depth = depth;
    }

    boolean isIn(DependencyExpression expression) {
      if (looked++ >= depth) {
        return false;
      }
      for (DependencyTerm term : expression.terms()) {
        Job other = term.kind() == Kind.SINGLETON ? null : find(known, term);
        if (other == null) {
          continue;
        }
        boolean closes = isSelf(known, self, term);
        boolean further = !JobLifecycle.isFinished(other) && seen.add(other.id());
        if (closes || (further && isIn(DependencyExpression.of(other)))) {
          return true;
        }
      }
      return false;
    }
  }
}

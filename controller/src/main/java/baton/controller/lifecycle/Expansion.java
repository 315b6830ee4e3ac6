package baton.controller.lifecycle;

import baton.controller.model.DependencyExpression;
import baton.controller.model.DependencyTerm;
import baton.controller.model.DependencyTerm.Kind;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.PartitionName;
import baton.protocol.type.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Jobs that grow: another one, submitted with {@code --dependency=expand:ID}, is given nodes like
 * any job, and then gives them to the job named.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/slurmctld/job_scheduler.c.
 */
public final class Expansion {
  /** Up to 25.05 one group may name one job, and each of several groups its own. */
  private static final Pattern SEVERAL_IN_A_GROUP =
      Pattern.compile("(?i)(^|[,?])expand:[^,?:]*:[0-9]");

  /** Stands for no job to be expanded. */
  public static final JobId NOBODY = JobId.of(0);

  private Expansion() {}

  /** True if a job is to give its nodes to another. */
  public static boolean expands(Job job) {
    return !job.expands().equals(NOBODY);
  }

  /** The last job that an expression names to be expanded; {@link #NOBODY} for none. */
  static JobId target(DependencyExpression expression) {
    JobId target = NOBODY;
    for (DependencyTerm term : expression.terms()) {
      target = term.kind() == Kind.EXPAND ? JobId.of(term.jobId()) : target;
    }
    return target;
  }

  /** True if an expression names more jobs to be expanded than it may. */
  static boolean isTooMany(String text, DependencyExpression expression, boolean onlyOne) {
    return onlyOne
        ? expression.terms().stream().filter(term -> term.kind() == Kind.EXPAND).count() > 1
        : text != null && SEVERAL_IN_A_GROUP.matcher(text).find();
  }

  /** True if a job of a partition may wait to expand another. */
  static boolean fits(Job other, PartitionName partition) {
    return other != null
        && JobLifecycle.isRunning(other)
        && Objects.equals(other.partition(), partition);
  }

  /** What is asked, to fit the job to be expanded: no longer than that runs, shared as that is. */
  public static JobRequest like(JobRequest request, Job expanded, Instant now) {
    return request.toBuilder()
        .timeLimitMinutes(Duration.between(now, expanded.endTime()).toMinutes())
        .shareMode(expanded.request().shareMode())
        .build();
  }
}

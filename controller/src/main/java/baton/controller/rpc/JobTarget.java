package baton.controller.rpc;

import baton.controller.lifecycle.HetGroups;
import baton.controller.model.ClusterState;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The job that a client means: by number, or as text such as {@code 12}, {@code 12_3}, {@code
 * 12_[1-4,7]} or {@code 12_*}.
 *
 * @param jobId job or array
 * @param arrayTasks tasks of the array; null for all or for a plain job
 */
record JobTarget(JobId jobId, String arrayTasks) {
  private static final Pattern TEXT =
      Pattern.compile("([0-9]{1,10})(?:_(\\*|[0-9,%:-]{1,4096}|\\[[0-9,%:-]{1,65536}\\]))?");

  private static final Pattern COMPONENT = Pattern.compile("([0-9]{1,9})\\+([0-9]{1,4})");

  /** As {@link #of}, and {@code 12+1} for a component of a heterogeneous job. */
  static Optional<JobTarget> of(ClusterState state, JobId number, String text) {
    Matcher matcher = COMPONENT.matcher(text == null ? "" : text.trim());
    if (!matcher.matches()) {
      return of(number, text);
    }
    JobId leader = JobId.of(Long.parseLong(matcher.group(1)));
    long offset = Long.parseLong(matcher.group(2));
    return state.jobs().get(leader).stream()
        .flatMap(job -> HetGroups.of(state, job).stream())
        .filter(job -> job.hetOffset() == offset)
        .map(job -> new JobTarget(job.id(), null))
        .findFirst();
  }

  /** The job of the text if there is one, else that of the number; empty if neither names a job. */
  static Optional<JobTarget> of(JobId number, String text) {
    if (text == null || text.isEmpty()) {
      boolean named = number.value() != 0 && number.value() < NoVal.NO_VAL;
      return named ? Optional.of(new JobTarget(number, null)) : Optional.empty();
    }
    Matcher matcher = TEXT.matcher(text.trim());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long id = Long.parseLong(matcher.group(1));
    if (id == 0 || id >= NoVal.NO_VAL) {
      return Optional.empty();
    }
    String tasks = matcher.group(2);
    if (tasks == null || tasks.equals("*")) {
      return Optional.of(new JobTarget(JobId.of(id), null));
    }
    return Optional.of(new JobTarget(JobId.of(id), tasks.replace("[", "").replace("]", "")));
  }
}

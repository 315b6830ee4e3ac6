package baton.controller.apply;

import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Job;
import baton.protocol.type.JobId;
import java.util.ArrayList;
import java.util.List;

/** Mail about an array as a whole: its first start, and, when all tasks have ended, how. */
final class ArrayMail {
  private ArrayMail() {}

  /** True if no other task of the array has started so far. */
  static boolean isFirst(Change change, Job job) {
    JobId array = job.arrayJobId();
    Job head = change.job(array);
    boolean forgotten = head != null && head.arrayForgottenTasks() > 0;
    return !forgotten
        && ArrayRecords.all(change, array).stream()
            .map(change::job)
            .allMatch(other -> other.id().equals(job.id()) || JobLifecycle.isPending(other));
  }

  /** Tells how the tasks ended, if this was the last of them. */
  static void ended(Change change, Job job) {
    Job head = change.job(job.arrayJobId());
    if (head == null) {
      return;
    }
    List<Long> statuses = new ArrayList<>();
    for (JobId id : ArrayRecords.all(change, head.id())) {
      Job task = change.job(id);
      if (!JobLifecycle.isFinished(task)) {
        return;
      }
      statuses.add(task.exitCode());
    }
    if (head.arrayForgottenTasks() > 0) {
      statuses.add(head.arrayLowestExit());
      statuses.add(head.arrayHighestExit());
    }
    long lowest = statuses.stream().mapToLong(Long::longValue).min().orElse(0);
    long highest = statuses.stream().mapToLong(Long::longValue).max().orElse(0);
    boolean failed = signal(highest) == 0 && exitCode(highest) != 0;
    Mail.Type type = failed && Mail.Type.FAIL.isWanted(head) ? Mail.Type.FAIL : Mail.Type.END;
    if (type.isWanted(head)) {
      tell(change, head, type, lowest, highest);
    }
  }

  private static void tell(Change change, Job head, Mail.Type type, long lowest, long highest) {
    List<String> environment = Mail.environment(change, head, type, true);
    String how;
    if (signal(lowest) == 0 && signal(highest) == 0) {
      boolean mixed = exitCode(lowest) == 0 && exitCode(highest) > 0;
      String state = mixed ? "Mixed" : Mail.stateName(head.state());
      how = state + ", ExitCode [" + exitCode(lowest) + "-" + exitCode(highest) + "]";
      environment.add("SLURM_JOB_EXIT_CODE_MIN=" + exitCode(lowest));
      environment.add("SLURM_JOB_EXIT_CODE_MAX=" + exitCode(highest));
    } else if (signal(highest) != 0) {
      how = "Mixed, MaxSignal [" + signal(highest) + "]";
      environment.add("SLURM_JOB_TERM_SIGNAL_MAX=" + signal(highest));
    } else {
      how = "Mixed, MaxExitCode [" + exitCode(highest) + "]";
      environment.add("SLURM_JOB_EXIT_CODE_MAX=" + exitCode(highest));
    }
    String subject = who(head) + " " + type.words() + ", " + how;
    Mail.owe(change, head, subject, environment);
  }

  /** How a mail names the whole array that a record is part of. */
  static String who(Job job) {
    JobId array = job.arrayJobId();
    String name = job.request().name() == null ? "(null)" : job.request().name();
    return "Slurm Array Summary Job_id=" + array + "_* (" + array + ") Name=" + name;
  }

  private static long exitCode(long status) {
    return (status >> 8) & 0xff;
  }

  private static long signal(long status) {
    return status & 0x7f;
  }
}

package baton.controller.apply;

import baton.controller.lifecycle.JobArrays;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Effect;
import baton.controller.model.EffectKind;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.controller.model.JobState;
import baton.protocol.type.NoVal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Mail about a job (--mail-type), owed with the change that it tells of. Subject and environment
 * are slurmctld's. Source: 22.05 src/slurmctld/agent.c.
 */
final class Mail {
  /** What mail may be about: --mail-type's bits on the wire, slurm.h MAIL_*. */
  enum Type {
    BEGIN(0x1, "Began"),
    END(0x2, "Ended"),
    FAIL(0x4, "Failed"),
    REQUEUE(0x8, "Requeued"),
    TIME_100(0x10, "Reached time limit"),
    TIME_90(0x20, "Reached 90% of time limit"),
    TIME_80(0x40, "Reached 80% of time limit"),
    TIME_50(0x80, "Reached 50% of time limit"),
    INVALID_DEPENDENCY(0x400, "Invalid dependency");

    private final int bit;
    private final String words;

    Type(int bit, String words) {
      this.bit = bit;
      this.words = words;
    }

    String words() {
      return words;
    }

    boolean isWanted(Job job) {
      return (job.request().mailType() & bit) != 0;
    }
  }

  private static final List<Type> OF_TIME =
      List.of(Type.TIME_100, Type.TIME_90, Type.TIME_80, Type.TIME_50);

  /** slurm.h MAIL_ARRAY_TASKS. */
  private static final int ARRAY_TASKS = 0x200;

  private Mail() {}

  /** Of an array the first start alone is told, unless each task is asked for. */
  static void began(Change change, Job job) {
    if (!isOfWhole(job) || ArrayMail.isFirst(change, job)) {
      send(change, job, Type.BEGIN);
    }
  }

  /** True for what is told of an array as a whole. */
  private static boolean isOfWhole(Job job) {
    return JobArrays.isPart(job) && (job.request().mailType() & ARRAY_TASKS) == 0;
  }

  /** A job has ended, or goes back into the queue. */
  static void ended(Change change, Job job) {
    if (job.request().mailType() == 0) {
      return;
    }
    if (isOfWhole(job)) {
      ArrayMail.ended(change, job);
      return;
    }
    JobState state = job.state();
    if (state == JobState.PENDING) {
      send(change, job, Type.REQUEUE);
    } else if (state == JobState.COMPLETE || state == JobState.CANCELLED) {
      send(change, job, Type.END);
    } else {
      send(change, job, Type.FAIL);
    }
  }

  /** A run that failed, though the job is queued again. */
  static void failed(Change change, Job job, JobState state) {
    send(change, job.toBuilder().state(state).endTime(change.now()).build(), Type.FAIL);
  }

  static void hopeless(Change change, Job job) {
    send(change, job, Type.INVALID_DEPENDENCY);
  }

  /** True if a share of the time limit is used up that is to be told. */
  static boolean isDue(Job job, Instant now) {
    if (!JobLifecycle.isRunning(job) || job.request().mailType() == 0) {
      return false;
    }
    // asked of every job every second
    for (Type type : OF_TIME) {
      if (isDue(job, type, now)) {
        return true;
      }
    }
    return false;
  }

  /** Tells of the shares of the time limit that are used up, each once. */
  static void timePassed(Change change, Job job) {
    for (Type type : OF_TIME) {
      Job current = change.job(job.id());
      if (isDue(current, type, change.now())) {
        send(change, current, type);
        JobRequest request = current.request();
        int left = request.mailType() & ~type.bit;
        change.put(current.toBuilder().request(request.toBuilder().mailType(left).build()));
      }
    }
  }

  private static boolean isDue(Job job, Type type, Instant now) {
    if (!type.isWanted(job)
        || !JobLifecycle.isRunning(job)
        || job.timeLimitMinutes() == NoVal.INFINITE
        || job.endTime() == null) {
      return false;
    }
    long percentLeft =
        switch (type) {
          case TIME_100 -> 0;
          case TIME_90 -> 10;
          case TIME_80 -> 20;
          case TIME_50 -> 50;
          case BEGIN, END, FAIL, REQUEUE, INVALID_DEPENDENCY ->
              throw new IllegalStateException(type + " is not of time");
        };
    long leftSeconds = job.timeLimitMinutes() * 60 * percentLeft / 100;
    return !now.plusSeconds(leftSeconds).isBefore(job.endTime());
  }

  private static void send(Change change, Job job, Type type) {
    if (!type.isWanted(job)) {
      return;
    }
    boolean ended = type == Type.END || type == Type.FAIL;
    List<String> environment = environment(change, job, type, ended);
    String time = time(change, job, type, environment);
    String subject =
        isOfWhole(job) ? ArrayMail.who(job) + " " + type.words : who(job) + " " + type.words + time;
    if (ended) {
      subject += how(job, environment);
    }
    owe(change, job, subject, environment);
  }

  /** What every mail's program is given. */
  static List<String> environment(Change change, Job job, Type type, boolean ended) {
    List<String> environment = new ArrayList<>(ScriptEnvironment.of(change.config(), job, ended));
    environment.add("SLURM_JOB_MAIL_TYPE=" + type.words);
    environment.add("SLURM_JOB_STATE=" + stateName(job.state()));
    return environment;
  }

  static void owe(Change change, Job job, String subject, List<String> environment) {
    change.owe(
        Effect.builder()
            .kind(EffectKind.SEND_MAIL)
            .jobId(job.id())
            .restartCount(job.restartCount())
            .arguments(List.of("-s", subject, recipient(change, job.request())))
            .environment(environment));
  }

  private static String who(Job job) {
    String name = job.request().name() == null ? "(null)" : job.request().name();
    if (job.arrayTaskId() == NoVal.NO_VAL) {
      return "Slurm Job_id=" + job.id() + " Name=" + name;
    }
    return "Slurm Array Task Job_id="
        + job.arrayJobId()
        + "_"
        + job.arrayTaskId()
        + " ("
        + job.id()
        + ") Name="
        + name;
  }

  private static String time(Change change, Job job, Type type, List<String> environment) {
    if (type == Type.INVALID_DEPENDENCY || job.startTime() == null) {
      return "";
    }
    if (type == Type.BEGIN) {
      String queued = text(Duration.between(job.submitTime(), job.startTime()).toSeconds());
      environment.add("SLURM_JOB_QUEUED_TIME=" + queued);
      return ", Queued time " + queued;
    }
    Instant until = OF_TIME.contains(type) ? change.now() : job.endTime();
    Instant since = job.suspendTime() == null ? job.startTime() : job.suspendTime();
    long seconds = Duration.between(since, until).toSeconds();
    String ran = text(seconds + (job.suspendTime() == null ? 0 : job.beforeSuspendSeconds()));
    environment.add("SLURM_JOB_RUN_TIME=" + ran);
    return ", Run time " + ran;
  }

  private static String how(Job job, List<String> environment) {
    boolean exited = (job.exitCode() & 0x7f) == 0;
    long exitCode = exited ? (job.exitCode() >> 8) & 0xff : 0;
    environment.add("SLURM_JOB_EXIT_CODE_MAX=" + exitCode);
    return ", " + stateName(job.state()) + (exited ? ", ExitCode " + exitCode : "");
  }

  private static String recipient(Change change, JobRequest request) {
    if (request.mailUser() != null && !request.mailUser().isEmpty()) {
      return request.mailUser();
    }
    String user =
        request.userName() == null ? String.valueOf(request.userId().value()) : request.userName();
    String domain = Settings.value(change.config(), "MailDomain");
    return domain.isEmpty() ? user : user + "@" + domain;
  }

  static String stateName(JobState state) {
    return state == JobState.COMPLETE ? "COMPLETED" : state.name();
  }

  /** As Slurm writes a time: {@code 1-02:03:04}, days only if there are any. */
  private static String text(long seconds) {
    long days = seconds / 86_400;
    String day = days == 0 ? "" : days + "-";
    return day
        + String.format(
            Locale.ROOT, "%02d:%02d:%02d", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
  }
}

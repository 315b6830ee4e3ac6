package baton.controller.apply;

import baton.controller.command.Caller;
import baton.controller.command.TopJobs;
import baton.controller.lifecycle.JobLifecycle;
import baton.controller.model.Job;
import baton.controller.model.JobRequest;
import baton.protocol.error.SlurmError;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * scontrol top: the named jobs get the highest priorities that their owner's jobs of one kind have
 * among them; what they gain in niceness the others pay for.
 */
final class TopOfQueue {
  private static final long NICE_OFFSET = 0x80000000L;

  private TopOfQueue() {}

  static Reply move(Change change, TopJobs command) {
    Caller caller = command.caller();
    boolean allowed = Settings.has(change.config(), "SchedulerParameters", "enable_user_top");
    if (!caller.operator() && !allowed) {
      return Reply.rejected(SlurmError.ESLURM_ACCESS_DENIED);
    }
    List<Job> asked = new ArrayList<>();
    for (String text : command.jobs()) {
      Job job = find(change, text);
      if (job == null) {
        return Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
      }
      asked.add(job);
    }
    if (asked.isEmpty()) {
      return Reply.rejected(SlurmError.ESLURM_INVALID_JOB_ID);
    }
    return move(change, caller, asked);
  }

  private static Reply move(Change change, Caller caller, List<Job> asked) {
    Map<JobId, Job> named = new LinkedHashMap<>();
    SlurmError passedOver = null;
    for (Job job : asked) {
      if (!caller.operator() && !caller.uid().equals(job.request().userId())) {
        return Reply.rejected(SlurmError.ESLURM_ACCESS_DENIED);
      }
      if (!JobLifecycle.isPending(job)) {
        passedOver = SlurmError.ESLURM_JOB_NOT_PENDING;
      } else if (job.request().partitions().size() > 1) {
        return Reply.rejected(SlurmError.ESLURM_REQUESTED_PART_CONFIG_UNAVAILABLE);
      } else if (job.priority() == 0) {
        passedOver = SlurmError.ESLURM_JOB_HELD;
      } else {
        named.put(job.id(), job);
      }
    }
    if (named.isEmpty()) {
      return Reply.rejected(passedOver);
    }
    List<Job> top = List.copyOf(named.values());
    List<Job> others =
        change.jobs().values().stream()
            .filter(job -> !named.containsKey(job.id()) && isLike(job, top.get(0)))
            .toList();
    exchange(change, top, others);
    return Reply.ACCEPTED;
  }

  private static void exchange(Change change, List<Job> top, List<Job> others) {
    Deque<Long> priorities = new ArrayDeque<>();
    Stream.concat(top.stream(), others.stream())
        .map(Job::priority)
        .sorted(Comparator.reverseOrder())
        .forEach(priorities::add);
    long last = NoVal.NO_VAL;
    long gained = 0;
    for (Job job : top) {
      long next = priorities.remove();
      // Nobody falls below 1, so the last one given is never below 2.
      if (next == last && last > 2) {
        next = last - 1;
      }
      last = next;
      long less = Math.min(job.request().nice(), next - job.priority());
      gained += less;
      put(change, job, next, job.request().nice() - less);
    }
    int left = others.size();
    for (Job job : others) {
      long loss = gained / left;
      long next = job.priority() - loss;
      if (next >= last) {
        next = last - 1;
        loss = job.priority() - next;
      }
      put(change, job, next, job.request().nice() + loss);
      gained -= loss;
      left--;
    }
  }

  private static void put(Change change, Job job, long priority, long nice) {
    long bounded = Math.max(0, Math.min(2 * NICE_OFFSET - 1, nice));
    JobRequest request = job.request().toBuilder().nice(bounded).build();
    long atLeast = Math.max(1, Math.min(NoVal.NO_VAL - 1, priority));
    change.put(job.toBuilder().request(request).priority(atLeast));
  }

  /** A pending job that differs from the first in nothing that tells who waits for whom. */
  private static boolean isLike(Job job, Job first) {
    JobRequest request = job.request();
    JobRequest model = first.request();
    return JobLifecycle.isPending(job)
        && job.priority() > 1
        && request.partitions().size() == 1
        && request.userId().equals(model.userId())
        && Objects.equals(request.account(), model.account())
        && Objects.equals(request.qos(), model.qos())
        && Objects.equals(job.partition(), first.partition());
  }

  /** The job of {@code 12} or {@code 12_3}; null if there is none, or the text is empty. */
  private static Job find(Change change, String text) {
    if (text.isEmpty()) {
      return null;
    }
    int task = text.indexOf('_');
    JobId id = JobId.of(Long.parseLong(task < 0 ? text : text.substring(0, task)));
    if (task < 0) {
      return change.job(id);
    }
    long number = Long.parseLong(text.substring(task + 1));
    return change.arrays().task(id, number).map(change::job).orElse(null);
  }
}

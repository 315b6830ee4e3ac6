package baton.controller.lifecycle;

import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import java.util.BitSet;

/** What a record of a job array stands for, and how tasks are written. */
public final class JobArrays {
  /** Wait status by which an array remembers a task that did not come to its end. */
  private static final long KILLED = 9;

  /** Steps that reading one expression may take; many times what the largest array needs. */
  private static final long MOST_STEPS = 1L << 26;

  private static final long NOT_TASKS = -1;

  private JobArrays() {}

  /** True for each record of an array. */
  public static boolean isPart(Job job) {
    return job.arrayJobId() != null && job.arrayJobId().value() != 0;
  }

  /** True for the record with the array's own id, whatever it stands for now. */
  public static boolean isHead(Job job) {
    return job.id().equals(job.arrayJobId());
  }

  /** True for a record that stands for tasks without records of their own. */
  public static boolean isUnsplit(Job job) {
    return job.arrayPendingTasks() != null;
  }

  /** True for a record of exactly one task. */
  public static boolean isTask(Job job) {
    return job.arrayTaskId() != NoVal.NO_VAL;
  }

  /** How many jobs a record stands for. */
  public static int jobCount(Job job) {
    return isUnsplit(job) ? Math.max(1, job.arrayPendingTasks().cardinality()) : 1;
  }

  /** The id that tells where a job stands in a list of all jobs. */
  public static JobId place(Job job) {
    return job.listedAs() == null || job.listedAs().value() == 0 ? job.id() : job.listedAs();
  }

  /** The wait status by which an array remembers how a task ended. */
  public static long endStatus(Job job) {
    return job.exitCode() == 0 && job.state() != JobState.COMPLETE ? KILLED : job.exitCode();
  }

  /** The most tasks that run at once, from an expression such as {@code 0-15%4}; 0 for no limit. */
  public static long throttle(String expression) {
    int percent = expression.indexOf('%');
    return percent < 0 ? 0 : Math.max(0, new Digits(expression, percent + 1).number());
  }

  /** The step of an expression such as {@code 0-15:4}; 1 where none is written. */
  public static long step(String expression) {
    int colon = expression.indexOf(':');
    return colon < 0 ? 1 : new Digits(expression, colon + 1).number();
  }

  /**
   * The tasks of an expression such as {@code 1,3,5-9:2}; null if it is none. What follows a {@code
   * %} is left aside, as slurmctld does.
   *
   * @param most no task may have this number or a greater one
   */
  public static BitSet tasks(String expression, long most) {
    BitSet tasks = new BitSet();
    long steps = 0;
    for (String part : expression.split(",", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      long more = part(part, most, tasks);
      steps += more;
      if (more == NOT_TASKS || steps > MOST_STEPS) {
        return null;
      }
    }
    return tasks;
  }

  /** Adds one part and tells how many steps that took; {@link #NOT_TASKS} for a wrong one. */
  private static long part(String text, long most, BitSet tasks) {
    Digits read = new Digits(text, text.startsWith("[") ? 1 : 0);
    long first = read.number();
    read.skip(']');
    long last = first;
    long step = 1;
    if (read.skip('-')) {
      last = read.number();
      read.skip(']');
      if (read.skip(':')) {
        step = read.number();
        read.skip(']');
        if (step <= 0 || step >= most) {
          return NOT_TASKS;
        }
      }
    }
    boolean ended = read.atEnd() || read.skip('%');
    if (!ended || first < 0 || last < first || last >= most) {
      return NOT_TASKS;
    }
    if (step == 1) {
      tasks.set((int) first, (int) last + 1);
      return (last - first) / 64 + 1;
    }
    for (long task = first; task <= last; task += step) {
      tasks.set((int) task);
    }
    return (last - first) / step + 1;
  }

  /**
   * Tasks as text: {@code 1,3,5-9}.
   *
   * @param most characters at which the text is cut short, and says so
   */
  public static String text(BitSet tasks, int most) {
    StringBuilder text = new StringBuilder();
    for (int first = tasks.nextSetBit(0); first >= 0; first = tasks.nextSetBit(first)) {
      int end = tasks.nextClearBit(first);
      text.append(text.isEmpty() ? "" : ",").append(first);
      if (end > first + 1) {
        text.append('-').append(end - 1);
      }
      first = end;
      if (text.length() >= most - 2) {
        return text.substring(0, most - 4) + "...";
      }
    }
    return text.toString();
  }

  /** Reads numbers as C's strtol does: where none is written it is 0. */
  private static final class Digits {
    private static final long GREATEST = 1L << 32;

    private final String text;
    private int at;

    Digits(String text, int at) {
      this.text = text;
      this.at = at;
    }

    long number() {
      int start = at;
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      boolean negative = skip('-');
      if (!negative) {
        skip('+');
      }
      int firstDigit = at;
      long value = 0;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        value = Math.min(GREATEST, value * 10 + text.charAt(at) - '0');
        at++;
      }
      if (at == firstDigit) {
        at = start;
      }
      return negative ? -value : value;
    }

    boolean skip(char expected) {
      if (at < text.length() && text.charAt(at) == expected) {
        at++;
        return true;
      }
      return false;
    }

    boolean atEnd() {
      return at == text.length();
    }
  }
}

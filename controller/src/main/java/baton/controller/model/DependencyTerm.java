package baton.controller.model;

import baton.protocol.type.NoVal;

/**
 * One condition of a dependency expression: that one other job has come so far.
 *
 * @param kind what is waited for
 * @param jobId the other job, or its array; 0 for {@link Kind#SINGLETON}
 * @param arrayTask the array's task; {@link #WHOLE_ARRAY}, or NO_VAL for a job that is no array
 * @param minutes how long after the other's start; 0 for at once
 * @param failed true once it is known that it can never be fulfilled
 */
public record DependencyTerm(Kind kind, long jobId, long arrayTask, long minutes, boolean failed) {
  /** The task number that stands for all of an array. */
  public static final long WHOLE_ARRAY = NoVal.INFINITE;

  /** What a job may wait for, spelled as in sbatch --dependency. */
  public enum Kind {
    /** The other has started, and so many minutes have passed since. */
    AFTER("after"),
    /** It has ended. */
    AFTER_ANY("afterany"),
    /** It has ended other than well. */
    AFTER_NOT_OK("afternotok"),
    /** It has ended well. */
    AFTER_OK("afterok"),
    /** The other array's task of the same number has ended well. */
    AFTER_CORRESPONDING("aftercorr"),
    /** It has ended and its burst buffer is staged out. */
    AFTER_BURST_BUFFER("afterburstbuffer"),
    /** It runs, and is to get this job's nodes. */
    EXPAND("expand"),
    /** No other job of the same name and owner runs, or waits since before. */
    SINGLETON("singleton");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As clients spell it. */
    public String word() {
      return word;
    }
  }

  /** This condition, known to be hopeless. */
  public DependencyTerm asFailed() {
    return new DependencyTerm(kind, jobId, arrayTask, minutes, true);
  }

  /** As clients see it, all releases: {@code afterok:12_3+5(unfulfilled)}. */
  public String text() {
    StringBuilder text = new StringBuilder(kind.word());
    if (kind != Kind.SINGLETON) {
      text.append(':').append(jobId);
      if (arrayTask == WHOLE_ARRAY) {
        text.append("_*");
      } else if (arrayTask != NoVal.NO_VAL) {
        text.append('_').append(arrayTask);
      }
      if (minutes != 0) {
        text.append('+').append(minutes);
      }
    }
    return text.append(failed ? "(failed)" : "(unfulfilled)").toString();
  }
}

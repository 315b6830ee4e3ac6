package baton.protocol.type;

/**
 * The number of a job. Zero stands for none; {@link NoVal#NO_VAL} for not given.
 *
 * @param value as it stands in a u32 on the wire: 0 to 0xffffffff
 */
public record JobId(long value) implements Comparable<JobId> {

  public JobId {
    NoVal.requireU32(value, "JobId");
  }

  public static JobId of(long value) {
    return new JobId(value);
  }

  @Override
  public int compareTo(JobId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}

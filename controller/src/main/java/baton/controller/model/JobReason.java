package baton.controller.model;

/** Why a job waits or how it failed, numbered as on the wire (slurm.h, 22.05 to 26.05). */
public enum JobReason {
  /** Not set. */
  NONE(0),
  /** Jobs of higher priority are ahead. */
  PRIORITY(1),
  /** A dependency is not fulfilled. */
  DEPENDENCY(2),
  /** What it needs is in use. */
  RESOURCES(3),
  /** Asks for more nodes than the partition may give. */
  PARTITION_NODE_LIMIT(4),
  /** Asks for more time than the partition gives. */
  PARTITION_TIME_LIMIT(5),
  /** The partition is down. */
  PARTITION_DOWN(6),
  /** The partition is inactive. */
  PARTITION_INACTIVE(7),
  /** Held by an administrator. */
  HELD_BY_ADMIN(8),
  /** Its begin time has not come. */
  BEGIN_TIME(9),
  /** Licences are in use. */
  LICENSES(10),
  /** Association's job limit. */
  ASSOCIATION_JOB_LIMIT(11),
  /** Association's resource limit. */
  ASSOCIATION_RESOURCE_LIMIT(12),
  /** Association's time limit. */
  ASSOCIATION_TIME_LIMIT(13),
  /** Its reservation is not available. */
  RESERVATION(14),
  /** A node that it must have is down, drained or not responding. */
  NODE_NOT_AVAILABLE(15),
  /** Held by its owner. */
  HELD_BY_USER(16),
  /** Front end nodes are down (until 24.11). */
  FRONT_END_DOWN(17),
  /** Scheduling at submission was deferred. */
  SCHEDULING_DEFERRED(18),
  /** Its partition went down. */
  FAIL_DOWN_PARTITION(19),
  /** A node of its allocation failed. */
  FAIL_DOWN_NODE(20),
  /** Constraints cannot be satisfied. */
  BAD_CONSTRAINTS(21),
  /** Failure of the system. */
  SYSTEM_FAILURE(22),
  /** The job could not be launched. */
  LAUNCH_FAILURE(23),
  /** The exit code was not zero. */
  NON_ZERO_EXIT_CODE(24),
  /** Its time limit was reached. */
  TIME_LIMIT(25),
  /** InactiveLimit was reached. */
  INACTIVE_LIMIT(26),
  /** Invalid account. */
  INVALID_ACCOUNT(27),
  /** Invalid QOS. */
  INVALID_QOS(28),
  /** QOS threshold breached. */
  QOS_USAGE_THRESHOLD(29),
  /** QOS job limit. */
  QOS_JOB_LIMIT(30),
  /** QOS resource limit. */
  QOS_RESOURCE_LIMIT(31),
  /** QOS time limit. */
  QOS_TIME_LIMIT(32),
  /** A signal ended it. */
  RAISED_SIGNAL(33),
  /** Unused. */
  DEFUNCT_34(34),
  /** A requeued job is still being cleaned up. */
  CLEANING(35),
  /** Its prolog runs. */
  PROLOG(36),
  /** QOS not allowed. */
  QOS_NOT_ALLOWED(37),
  /** Account not allowed. */
  ACCOUNT_NOT_ALLOWED(38),
  /** A dependency can never be satisfied. */
  DEPENDENCY_NEVER_SATISFIED(39),
  /** MaxBatchRequeue reached. */
  MAX_REQUEUE(71),
  /** The array's running task limit. */
  ARRAY_TASK_LIMIT(72),
  /** Burst buffer resources. */
  BURST_BUFFER_RESOURCES(73),
  /** Burst buffer stage-in. */
  BURST_BUFFER_STAGING(74),
  /** Burst buffer operation failed. */
  BURST_BUFFER_OPERATION(75),
  /** Its deadline was reached. */
  DEADLINE(167),
  /** The partition's configuration forbids it. */
  PARTITION_CONFIG(178),
  /** An accounting policy forbids it. */
  ACCOUNTING_POLICY(179),
  /** Federation lock. */
  FEDERATION_JOB_LOCK(180),
  /** Memory was exhausted. */
  OUT_OF_MEMORY(181),
  /** MaxMemPerCPU or MaxMemPerNode exceeded. */
  MAX_MEMORY_PER_LIMIT(182),
  /** Its reservation was deleted. */
  RESERVATION_DELETED(198);

  private static final JobReason[] VALUES = values();

  private final long value;

  JobReason(long value) {
    this.value = value;
  }

  /** The number that Slurm, or the log, knows it by. */
  public long value() {
    return value;
  }

  /**
   * The constant of a number.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static JobReason of(long value) {
    for (JobReason candidate : VALUES) {
      if (candidate.value == value) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("no JobReason has the number " + value);
  }
}

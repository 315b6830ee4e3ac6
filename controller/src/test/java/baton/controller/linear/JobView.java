package baton.controller.linear;

/**
 * One job, as far as clients can tell.
 *
 * @param phase how far it has come
 * @param id its id; 0 while nobody was told
 * @param settings what clients may change
 * @param exitStatus what its script will exit with
 * @param launched whether its nodes may have been told to run it
 * @param started whether its script began
 */
record JobView(
    Phase phase, long id, Settings settings, int exitStatus, boolean launched, boolean started) {
  /** As scontrol prints it; a job that ended by itself shows its exit status in the name. */
  enum Phase {
    ABSENT,
    PENDING,
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELLED;

    boolean isEnd() {
      return compareTo(RUNNING) > 0;
    }
  }

  /**
   * What clients may change.
   *
   * @param priority 0 when held, {@link #OF_THE_SCHEDULER}, or one given by an operator
   */
  record Settings(String name, String comment, long limitMinutes, long priority) {
    static final long OF_THE_SCHEDULER = -1;

    @Override
    public String toString() {
      String shown = priority == 0 ? "held" : "priority=" + priority;
      return "name="
          + name
          + " comment="
          + comment
          + " limit="
          + limitMinutes
          + (priority == OF_THE_SCHEDULER ? "" : " " + shown);
    }
  }

  static final JobView NOT_THERE =
      new JobView(Phase.ABSENT, 0, new Settings("", "", 0, 0), 0, false, false);

  JobView in(Phase next) {
    return new JobView(next, id, settings, exitStatus, launched, started);
  }

  JobView with(Settings next) {
    return new JobView(phase, id, next, exitStatus, launched, started);
  }

  JobView known(long next) {
    return new JobView(phase, next, settings, exitStatus, launched, started);
  }

  /** Its nodes are told to run it. */
  JobView launch() {
    return new JobView(Phase.RUNNING, id, settings, exitStatus, true, false);
  }

  /** The launch was given up before the script began: it waits again. */
  JobView launchLost() {
    return new JobView(Phase.PENDING, id, settings, exitStatus, false, false);
  }

  JobView start() {
    return new JobView(phase, id, settings, exitStatus, true, true);
  }

  @Override
  public String toString() {
    return phase == Phase.ABSENT
        ? "no such job"
        : phase + " " + settings + (started ? ", its script began" : "");
  }
}

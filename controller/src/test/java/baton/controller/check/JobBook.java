package baton.controller.check;

import baton.controller.model.JobState;
import java.util.HashMap;
import java.util.Map;

/** What the auditor knows of one job, by itself and by what was committed. */
final class JobBook {
  final long id;
  final String token;
  JobState state = JobState.PENDING;
  int restartCount;
  long runningSinceNanos;
  long limitSeconds = Long.MAX_VALUE;

  /** A node of its present run was down while it ran. */
  boolean nodeFailed;

  /** How often the script of each run was started. */
  final Map<Integer, Integer> starts = new HashMap<>();

  /** How the script of a run ended by itself. */
  final Map<Integer, Integer> exits = new HashMap<>();

  /** Who sent the launch of each run. */
  final Map<Integer, String> senders = new HashMap<>();

  JobBook(long id, String token) {
    this.id = id;
    this.token = token;
  }

  boolean isFinished() {
    return state.value() > JobState.SUSPENDED.value();
  }

  @Override
  public String toString() {
    return "job " + id + " (" + token + ")";
  }
}

package baton.controller.linear;

import java.util.ArrayList;
import java.util.List;

/**
 * One job. What it does on its own happens between operations: a waiting job that is not held is
 * started, and a start whose launch certainly did not arrive is taken back.
 */
final class JobModel implements Model<JobView, JobAction> {
  @Override
  public JobView initial() {
    return JobView.NOT_THERE;
  }

  @Override
  public Step<JobView> step(JobView state, JobAction action, boolean settled) {
    List<JobView> after = new ArrayList<>();
    Step<JobView> refused = null;
    for (JobView before : byItself(state)) {
      Step<JobView> step = action.on(before, settled);
      if (step instanceof Taken<JobView> taken) {
        after.addAll(taken.states());
      } else if (refused == null) {
        refused = step;
      }
    }
    return after.isEmpty() ? refused : new Taken<>(after);
  }

  @Override
  public boolean isQuestion(JobAction action) {
    return action instanceof JobAction.Show;
  }

  private static List<JobView> byItself(JobView state) {
    if (state.phase() == JobView.Phase.PENDING && state.settings().priority() != 0) {
      return List.of(state, state.launch());
    }
    if (state.phase() == JobView.Phase.RUNNING && !state.started()) {
      JobView waiting = state.launchLost();
      return List.of(state, waiting);
    }
    return List.of(state);
  }
}

package baton.controller.rpc;

import baton.controller.apply.Outcome;
import baton.controller.apply.Reply;
import baton.controller.apply.StateMachine;
import baton.controller.command.SubmitJob;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.scheduler.ImmediateStart;
import java.util.List;

/**
 * Finds a place for an allocation before it is submitted, so that one log entry accepts and starts
 * it (docs/adr/0030): it is submitted to a copy of the state, and what could start it there goes
 * along with the submission. Pure; any thread.
 */
public final class StartNow {
  private StartNow() {}

  /** The submission with what was found, or with the reason why nothing was. */
  public static SubmitJob with(ClusterState state, SubmitJob asked) {
    SubmitJob plain = asked.toBuilder().starts(List.of()).hindrance(0).build();
    Outcome outcome = StateMachine.apply(state, plain.toBuilder().immediate(false).build());
    if (!(outcome.reply() instanceof Reply.JobAccepted accepted)) {
      return plain;
    }
    Job job = outcome.next().jobs().require(accepted.jobId());
    ImmediateStart.Answer answer = ImmediateStart.of(outcome.next(), job, asked.time());
    return answer.start() != null
        ? plain.toBuilder().starts(List.of(answer.start())).build()
        : plain.toBuilder().hindrance(answer.hindrance().wireNumber()).build();
  }
}

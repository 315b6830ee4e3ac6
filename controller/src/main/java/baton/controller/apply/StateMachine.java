package baton.controller.apply;

import baton.controller.command.ApplyPlan;
import baton.controller.command.BatchLaunchAnswered;
import baton.controller.command.BatchScriptCompleted;
import baton.controller.command.ClientsGone;
import baton.controller.command.ClientsSeen;
import baton.controller.command.ClientsTold;
import baton.controller.command.Command;
import baton.controller.command.Configure;
import baton.controller.command.CreateStep;
import baton.controller.command.CronStarts;
import baton.controller.command.DeletePartition;
import baton.controller.command.EffectAnswered;
import baton.controller.command.EpilogCompleted;
import baton.controller.command.JobAllocationCompleted;
import baton.controller.command.LaunchDoubted;
import baton.controller.command.LaunchLost;
import baton.controller.command.LaunchesSending;
import baton.controller.command.NodeRegistered;
import baton.controller.command.NodesResponded;
import baton.controller.command.NodesSilent;
import baton.controller.command.NotifyJob;
import baton.controller.command.PrologCompleted;
import baton.controller.command.RequeueJob;
import baton.controller.command.ScriptEnded;
import baton.controller.command.SignalJob;
import baton.controller.command.StepCompleted;
import baton.controller.command.SubmitHetJob;
import baton.controller.command.SubmitJob;
import baton.controller.command.SuspendJob;
import baton.controller.command.TimePassed;
import baton.controller.command.TopJobs;
import baton.controller.command.UpdateCrontab;
import baton.controller.command.UpdateJob;
import baton.controller.command.UpdateNodes;
import baton.controller.command.UpdatePartition;
import baton.controller.command.UpdateStep;
import baton.controller.model.ClusterState;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * How the state changes: {@link #apply} is the only way. Pure: the same state and command give the
 * same outcome on every replica. A refusal is a {@link Reply.Rejected}; an exception means that an
 * invariant is broken and must stop the replica.
 */
public final class StateMachine {
  private static final Map<Class<? extends Command>, BiFunction<Change, Command, Reply>> FAMILIES =
      new HashMap<>();

  static {
    on(Configure.class, Configuration::configure);
    on(SubmitJob.class, Submission::submit);
    on(SubmitHetJob.class, HetJobs::submit);
    on(UpdateCrontab.class, Crontabs::update);
    on(CronStarts.class, Crontabs::starts);
    on(SignalJob.class, ArrayCommands::signal);
    on(UpdateJob.class, ArrayCommands::update);
    on(RequeueJob.class, ArrayCommands::requeue);
    on(ScriptEnded.class, ControllerScripts::ended);
    on(SuspendJob.class, ArrayCommands::suspend);
    on(TopJobs.class, TopOfQueue::move);
    on(ApplyPlan.class, Starting::applyPlan);
    on(LaunchesSending.class, Launching::sending);
    on(LaunchDoubted.class, Launching::doubted);
    on(LaunchLost.class, Launching::lost);
    on(BatchLaunchAnswered.class, Launching::launchAnswered);
    on(PrologCompleted.class, Launching::prologCompleted);
    on(BatchScriptCompleted.class, Ending::batchScriptCompleted);
    on(CreateStep.class, StepCreation::create);
    on(UpdateStep.class, Steps::update);
    on(StepCompleted.class, Steps::completed);
    on(EpilogCompleted.class, Ending::epilogCompleted);
    on(JobAllocationCompleted.class, Ending::allocationCompleted);
    on(EffectAnswered.class, Launching::effectAnswered);
    on(NotifyJob.class, Clients::notify);
    on(ClientsTold.class, Clients::told);
    on(ClientsGone.class, Clients::gone);
    on(ClientsSeen.class, Clients::seen);
    on(NodeRegistered.class, Registration::registered);
    on(NodesResponded.class, NodeHealth::responded);
    on(NodesSilent.class, NodeHealth::silent);
    on(UpdateNodes.class, NodeUpdates::update);
    on(UpdatePartition.class, Partitions::update);
    on(DeletePartition.class, Partitions::delete);
    on(TimePassed.class, Deadlines::timePassed);
  }

  private StateMachine() {}

  /**
   * Applies a command.
   *
   * @throws IllegalStateException if the state breaks an invariant
   */
  public static Outcome apply(ClusterState state, Command command) {
    BiFunction<Change, Command, Reply> family = FAMILIES.get(command.getClass());
    if (family == null) {
      throw new IllegalStateException("no rule for " + command.getClass().getSimpleName());
    }
    Change change = new Change(state, command.time());
    Reply reply = family.apply(change, command);
    if (reply instanceof Reply.Rejected
        || reply instanceof Reply.CrontabRejected
        || reply instanceof Reply.Outrun) {
      return new Change(state, command.time()).outcome(reply);
    }
    Dependents.update(change);
    HetJobs.update(change);
    Clients.update(change);
    return change.outcome(reply);
  }

  private static <C extends Command> void on(Class<C> type, BiFunction<Change, C, Reply> rule) {
    FAMILIES.put(type, (change, command) -> rule.apply(change, type.cast(command)));
  }
}

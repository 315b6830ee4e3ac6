package baton.controller.command;

import java.time.Instant;

/**
 * All that may change the cluster's state. A command carries every fact that its application needs
 * and that the state does not hold: the time, the caller, what was read from files. The layouts
 * stand in {@code src/main/schema/command}; they are what the log keeps.
 */
public sealed interface Command
    permits ApplyPlan,
        BatchLaunchAnswered,
        BatchScriptCompleted,
        ClientsGone,
        ClientsSeen,
        ClientsTold,
        Configure,
        CreateStep,
        CronStarts,
        DeletePartition,
        EffectAnswered,
        EpilogCompleted,
        JobAllocationCompleted,
        LaunchDoubted,
        LaunchLost,
        LaunchesSending,
        NodeRegistered,
        NodesResponded,
        NodesSilent,
        NotifyJob,
        PrologCompleted,
        RequeueJob,
        ScriptEnded,
        SignalJob,
        StepCompleted,
        SubmitHetJob,
        SubmitJob,
        SuspendJob,
        TimePassed,
        TopJobs,
        UpdateCrontab,
        UpdateJob,
        UpdateNodes,
        UpdatePartition,
        UpdateStep {

  /** When the leader made the command; the only clock that applying it may read. */
  Instant time();
}

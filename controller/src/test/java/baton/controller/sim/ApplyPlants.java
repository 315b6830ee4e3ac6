package baton.controller.sim;

import baton.controller.apply.Delta;
import baton.controller.apply.Reply;
import baton.controller.clock.TimeSource;
import baton.controller.command.ApplyPlan;
import baton.controller.command.BatchScriptCompleted;
import baton.controller.command.Command;
import baton.controller.command.Configure;
import baton.controller.command.EpilogCompleted;
import baton.controller.command.JobStart;
import baton.controller.command.SubmitJob;
import baton.controller.dispatch.SchedulerAgent.Planner;
import baton.controller.journal.CommandCodec;
import baton.controller.model.ClusterFacts;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.NodeName;
import baton.controller.model.collection.SortedTable;
import baton.controller.replication.Applied;
import baton.controller.replication.ReplicatedState;
import baton.protocol.type.JobId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Bugs in what commands do to the state. */
final class ApplyPlants {
  private static final long COMPLETING = 0x8000;

  private ApplyPlants() {}

  /** Applies commands as production does, with something before, instead or after. */
  private abstract static class Wrapped implements Plant {
    @Override
    public ReplicatedState<ClusterState, Reply, Delta> replicated(
        ReplicatedState<ClusterState, Reply, Delta> sound, TimeSource clock) {
      return new WrappedState(sound) {
        @Override
        public Applied<ClusterState, Reply, Delta> apply(ClusterState state, byte[] command) {
          return Wrapped.this.apply(sound, clock, state, CommandCodec.decode(command));
        }
      };
    }

    abstract Applied<ClusterState, Reply, Delta> apply(
        ReplicatedState<ClusterState, Reply, Delta> sound,
        TimeSource clock,
        ClusterState state,
        Command command);
  }

  private static Applied<ClusterState, Reply, Delta> apply(
      ReplicatedState<ClusterState, Reply, Delta> sound, ClusterState state, Command command) {
    return sound.apply(state, CommandCodec.encode(command));
  }

  /** One command, and then another that nobody has submitted. */
  private static Applied<ClusterState, Reply, Delta> then(
      ReplicatedState<ClusterState, Reply, Delta> sound,
      Applied<ClusterState, Reply, Delta> first,
      Command next) {
    Applied<ClusterState, Reply, Delta> second = apply(sound, first.next(), next);
    return new Applied<>(
        second.next(), first.reply(), join(first.delta(), second.delta()), first.blobs());
  }

  private static Delta join(Delta one, Delta other) {
    return new Delta(
        union(one.jobs(), other.jobs()),
        union(one.nodes(), other.nodes()),
        union(one.partitions(), other.partitions()),
        union(one.effects(), other.effects()),
        one.config() || other.config());
  }

  private static <T> java.util.Set<T> union(java.util.Set<T> one, java.util.Set<T> other) {
    java.util.Set<T> all = new java.util.LinkedHashSet<>(one);
    all.addAll(other);
    return all;
  }

  private static ClusterState with(
      ClusterState state, ClusterFacts facts, SortedTable<JobId, Job> jobs) {
    return ClusterState.of(
        state.config(),
        facts,
        jobs,
        state.nodes(),
        state.partitions(),
        state.effects(),
        state.steps(),
        state.crontabs());
  }

  static final class ReadsClock extends Wrapped {
    @Override
    Applied<ClusterState, Reply, Delta> apply(
        ReplicatedState<ClusterState, Reply, Delta> sound,
        TimeSource clock,
        ClusterState state,
        Command command) {
      return command instanceof SubmitJob submit
          ? ApplyPlants.apply(
              sound,
              state,
              submit.toBuilder().time(clock.now().truncatedTo(ChronoUnit.SECONDS)).build())
          : ApplyPlants.apply(sound, state, command);
    }
  }

  /** The plan is made of an old state, and whatever has changed since is not looked at. */
  static final class PlanNotValidated extends Wrapped {
    @Override
    Applied<ClusterState, Reply, Delta> apply(
        ReplicatedState<ClusterState, Reply, Delta> sound,
        TimeSource clock,
        ClusterState state,
        Command command) {
      if (!(command instanceof ApplyPlan plan) || plan.starts().isEmpty()) {
        return ApplyPlants.apply(sound, state, command);
      }
      List<JobStart> starts = new ArrayList<>();
      for (JobStart start : plan.starts()) {
        Job job = state.jobs().get(start.jobId()).orElse(null);
        starts.add(job == null ? start : start.toBuilder().version(job.version()).build());
      }
      // nobody holds anything while it is applied
      SortedTable<JobId, Job> free = state.jobs();
      for (Job job : state.jobs().values()) {
        free = free.with(job.id(), job.toBuilder().allocation(List.of()).build());
      }
      Applied<ClusterState, Reply, Delta> applied =
          ApplyPlants.apply(
              sound, with(state, state.facts(), free), plan.toBuilder().starts(starts).build());
      SortedTable<JobId, Job> held = applied.next().jobs();
      for (Job job : state.jobs().values()) {
        Job now = held.get(job.id()).orElse(null);
        if (now != null && !job.allocation().isEmpty() && now.allocation().isEmpty()) {
          held = held.with(job.id(), now.toBuilder().allocation(job.allocation()).build());
        }
      }
      return new Applied<>(
          with(applied.next(), applied.next().facts(), held),
          applied.reply(),
          applied.delta(),
          applied.blobs());
    }

    @Override
    public Planner planner(Planner sound) {
      ClusterState[] old = new ClusterState[1];
      return (snapshot, now, budget) -> {
        ClusterState seen = old[0] == null ? snapshot : old[0];
        old[0] = snapshot;
        return sound.plan(seen.nodes().isEmpty() ? snapshot : seen, now, budget);
      };
    }
  }

  static final class CompletionAppliedTwice extends Wrapped {
    @Override
    Applied<ClusterState, Reply, Delta> apply(
        ReplicatedState<ClusterState, Reply, Delta> sound,
        TimeSource clock,
        ClusterState state,
        Command command) {
      Applied<ClusterState, Reply, Delta> applied = ApplyPlants.apply(sound, state, command);
      if (!(command instanceof BatchScriptCompleted completed)) {
        return applied;
      }
      // it is counted for the next job of the same node too
      for (Job job : applied.next().jobs().values()) {
        if (job.state() == JobState.RUNNING && completed.node().equals(job.batchHost())) {
          return then(sound, applied, completed.toBuilder().jobId(job.id()).build());
        }
      }
      return applied;
    }
  }

  static final class JobIdReused extends Wrapped {
    @Override
    Applied<ClusterState, Reply, Delta> apply(
        ReplicatedState<ClusterState, Reply, Delta> sound,
        TimeSource clock,
        ClusterState state,
        Command command) {
      Applied<ClusterState, Reply, Delta> applied = ApplyPlants.apply(sound, state, command);
      if (!(command instanceof Configure configure) || !configure.start()) {
        return applied;
      }
      ClusterState next = applied.next();
      ClusterFacts facts =
          next.facts().toBuilder().nextJobId(JobId.of(next.jobs().size() + 1L)).build();
      return new Applied<>(
          with(next, facts, next.jobs()), applied.reply(), applied.delta(), applied.blobs());
    }
  }

  static final class EpilogNotAwaited extends Wrapped {
    @Override
    Applied<ClusterState, Reply, Delta> apply(
        ReplicatedState<ClusterState, Reply, Delta> sound,
        TimeSource clock,
        ClusterState state,
        Command command) {
      Applied<ClusterState, Reply, Delta> applied = ApplyPlants.apply(sound, state, command);
      for (JobId id : List.copyOf(new java.util.TreeSet<>(applied.delta().jobs()))) {
        Job job = applied.next().jobs().get(id).orElse(null);
        if (job != null && (job.stateFlags() & COMPLETING) != 0) {
          for (NodeName node : job.completingNodes()) {
            applied =
                then(
                    sound,
                    applied,
                    EpilogCompleted.builder().time(command.time()).jobId(id).node(node).build());
          }
        }
      }
      return applied;
    }
  }
}

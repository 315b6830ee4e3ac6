package baton.controller.main;

import baton.controller.apply.Delta;
import baton.controller.apply.Reply;
import baton.controller.dispatch.Dispatcher;
import baton.controller.dispatch.SchedulerAgent;
import baton.controller.model.ClusterFacts;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.replication.Replicator;
import baton.controller.rpc.RpcCounters;
import baton.protocol.message.MessageType;
import baton.protocol.net.ServerCounters;
import baton.protocol.net.SlurmServer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * What a controller says of itself, in Prometheus' text format. Meters read the replica's snapshot
 * and counters that exist anyhow, so between two scrapes nothing is spent on them.
 */
final class ControllerMetrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Replicator<ClusterState, Reply, Delta> replicator;
  private final RpcCounters rpcs;
  private final Set<MessageType> timed = EnumSet.noneOf(MessageType.class);
  private Map<JobState, Integer> jobs = Map.of();

  ControllerMetrics(
      Replicator<ClusterState, Reply, Delta> replicator,
      Dispatcher dispatcher,
      SchedulerAgent scheduler,
      List<SlurmServer> servers,
      RpcCounters rpcs) {
    this.replicator = replicator;
    this.rpcs = rpcs;
    ofTheState();
    gauge("baton.leader", replicator, log -> log.isLeader() ? 1 : 0);
    gauge("baton.log.index", replicator, log -> log.stateAt().position().index());
    gauge("baton.commands.outstanding", replicator, Replicator::outstanding);
    gauge("baton.effects.under.way", dispatcher, Dispatcher::underWay);
    Gauge.builder("baton.scheduler.last.plan", scheduler, SchedulerAgent::lastPlanNanos)
        .baseUnit("nanoseconds")
        .register(registry);
    FunctionCounter.builder("baton.scheduler.plans", scheduler, SchedulerAgent::plans)
        .register(registry);
    ofTheNetwork(servers);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
  }

  /** The answer to one scrape. */
  synchronized String text() {
    countJobs();
    for (MessageType type : rpcs.read().types().keySet()) {
      if (!timed.add(type)) {
        continue;
      }
      String name = type.name().toLowerCase(Locale.ROOT);
      FunctionTimer.builder(
              "baton.rpc",
              rpcs,
              counters -> count(counters, type).messages(),
              counters -> count(counters, type).micros(),
              TimeUnit.MICROSECONDS)
          .tag("type", name)
          .register(registry);
    }
    return registry.scrape();
  }

  private static RpcCounters.Count count(RpcCounters counters, MessageType type) {
    return counters.read().types().getOrDefault(type, new RpcCounters.Count(0, 0));
  }

  private void countJobs() {
    Map<JobState, Integer> counted = new EnumMap<>(JobState.class);
    for (Job job : replicator.state().jobs().values()) {
      counted.merge(job.state(), 1, Integer::sum);
    }
    jobs = counted;
  }

  private void ofTheState() {
    for (JobState state : JobState.values()) {
      Gauge.builder("baton.jobs", this, metrics -> metrics.jobs.getOrDefault(state, 0))
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    gauge("baton.nodes", replicator, log -> log.state().nodes().size());
    gauge("baton.effects.owed", replicator, log -> log.state().effects().size());
    counter("baton.commands.applied", ClusterFacts::commandsApplied);
    counter("baton.jobs.submitted", ClusterFacts::submitted);
    counter("baton.jobs.started", ClusterFacts::started);
    counter("baton.jobs.completed", ClusterFacts::completed);
    counter("baton.jobs.failed", ClusterFacts::failed);
    counter("baton.jobs.cancelled", ClusterFacts::cancelled);
  }

  private void ofTheNetwork(List<SlurmServer> servers) {
    gauge("baton.connections.open", servers, all -> sum(all, SlurmServer::openConnections));
    Gauge.builder("baton.request.in.flight", servers, all -> sum(all, SlurmServer::bytesInFlight))
        .baseUnit("bytes")
        .register(registry);
    for (ServerCounters.Event event : ServerCounters.Event.values()) {
      FunctionCounter.builder(
              "baton.connection.events",
              servers,
              all -> sum(all, server -> server.counters().of(event)))
          .tag("event", event.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  private static double sum(List<SlurmServer> servers, ToLongFunction<SlurmServer> value) {
    return servers.stream().mapToLong(value).sum();
  }

  private <T> void gauge(String name, T subject, ToDoubleFunction<T> value) {
    Gauge.builder(name, subject, value).register(registry);
  }

  private void counter(String name, ToLongFunction<ClusterFacts> value) {
    FunctionCounter.builder(name, replicator, log -> value.applyAsLong(log.state().facts()))
        .register(registry);
  }
}

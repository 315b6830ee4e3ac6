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
import baton.protocol.net.ServerCounters;
import baton.protocol.net.SlurmServer;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a controller says of itself, in Prometheus' text format (version 0.0.4). */
record Gauges(
    Replicator<ClusterState, Reply, Delta> replicator,
    Dispatcher dispatcher,
    SchedulerAgent scheduler,
    List<SlurmServer> servers) {

  String text() {
    StringBuilder out = new StringBuilder();
    ClusterState state = replicator.state();
    ClusterFacts facts = state.facts();
    Map<JobState, Integer> jobs = new EnumMap<>(JobState.class);
    for (Job job : state.jobs().values()) {
      jobs.merge(job.state(), 1, Integer::sum);
    }
    type(out, "baton_jobs", "gauge");
    for (JobState jobState : JobState.values()) {
      String label = "{state=\"" + jobState.name().toLowerCase(Locale.ROOT) + "\"}";
      line(out, "baton_jobs" + label, jobs.getOrDefault(jobState, 0));
    }
    gauge(out, "baton_nodes", state.nodes().size());
    gauge(out, "baton_leader", replicator.isLeader() ? 1 : 0);
    gauge(out, "baton_log_index", replicator.stateAt().position().index());
    gauge(out, "baton_commands_outstanding", replicator.outstanding());
    gauge(out, "baton_effects_owed", state.effects().size());
    gauge(out, "baton_effects_under_way", dispatcher.underWay());
    gauge(out, "baton_scheduler_last_plan_nanoseconds", scheduler.lastPlanNanos());
    counter(out, "baton_scheduler_plans_total", scheduler.plans());
    counter(out, "baton_commands_applied_total", facts.commandsApplied());
    counter(out, "baton_jobs_submitted_total", facts.submitted());
    counter(out, "baton_jobs_started_total", facts.started());
    counter(out, "baton_jobs_completed_total", facts.completed());
    counter(out, "baton_jobs_failed_total", facts.failed());
    counter(out, "baton_jobs_cancelled_total", facts.cancelled());
    network(out);
    Runtime runtime = Runtime.getRuntime();
    gauge(out, "baton_heap_used_bytes", runtime.totalMemory() - runtime.freeMemory());
    return out.toString();
  }

  private void network(StringBuilder out) {
    long open = 0;
    long inFlight = 0;
    for (SlurmServer server : servers) {
      open += server.openConnections();
      inFlight += server.bytesInFlight();
    }
    gauge(out, "baton_connections_open", open);
    gauge(out, "baton_request_bytes_in_flight", inFlight);
    type(out, "baton_connection_events_total", "counter");
    for (ServerCounters.Event event : ServerCounters.Event.values()) {
      long count = 0;
      for (SlurmServer server : servers) {
        count += server.counters().of(event);
      }
      String label = "{event=\"" + event.name().toLowerCase(Locale.ROOT) + "\"}";
      line(out, "baton_connection_events_total" + label, count);
    }
  }

  private static void gauge(StringBuilder out, String name, long value) {
    type(out, name, "gauge");
    line(out, name, value);
  }

  private static void counter(StringBuilder out, String name, long value) {
    type(out, name, "counter");
    line(out, name, value);
  }

  private static void type(StringBuilder out, String name, String type) {
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder out, String name, long value) {
    out.append(name).append(' ').append(value).append('\n');
  }
}

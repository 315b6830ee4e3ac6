package baton.controller.dispatch;

import baton.controller.clock.TimeSource;
import baton.controller.command.ScriptEnded;
import baton.controller.journal.ClusterLog;
import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterState;
import baton.controller.model.Effect;
import baton.controller.model.EffectId;
import baton.controller.model.EffectKind;
import baton.controller.model.Parameter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs what the controller itself owes to run: PrologSlurmctld, EpilogSlurmctld and MailProg. A
 * leader that comes while one runs elsewhere runs it again, as slurmctld does after a restart. For
 * the dispatcher's thread alone.
 */
final class ScriptDebts {
  private static final int MOST_AT_ONCE = 64;
  private static final long AGAIN_NANOS = Duration.ofMillis(500).toNanos();
  private static final Duration MAIL_LIMIT = Duration.ofMinutes(2);
  private static final int UNLIMITED_SECONDS = 65_534;

  private final ClusterLog log;
  private final Submitter submitter;
  private final ScriptRunner runner;
  private final TimeSource time;
  private final Deque<EffectId> waiting = new ArrayDeque<>();
  private final Map<EffectId, ScriptRunner.Script> running = new HashMap<>();
  private final Map<EffectId, Boolean> ended = new HashMap<>();
  private long tellNanos;

  ScriptDebts(ClusterLog log, Submitter submitter, ScriptRunner runner, TimeSource time) {
    this.log = log;
    this.submitter = submitter;
    this.runner = runner;
    this.time = time;
    this.tellNanos = time.monotonicNanos();
  }

  static boolean pays(EffectKind kind) {
    return kind == EffectKind.RUN_PROLOG
        || kind == EffectKind.RUN_EPILOG
        || kind == EffectKind.SEND_MAIL;
  }

  /** Forgets everything: another leads, or did. */
  void clear() {
    running.values().forEach(ScriptRunner.Script::kill);
    running.clear();
    waiting.clear();
    ended.clear();
  }

  void see(EffectId id) {
    if (!running.containsKey(id) && !ended.containsKey(id) && !waiting.contains(id)) {
      waiting.add(id);
    }
  }

  /** It is settled; a prolog that still runs is for a job that was cancelled. */
  void forget(EffectId id) {
    waiting.remove(id);
    ended.remove(id);
    ScriptRunner.Script script = running.remove(id);
    if (script != null) {
      script.kill();
    }
  }

  Set<EffectId> known() {
    List<EffectId> all = new ArrayList<>(waiting);
    all.addAll(running.keySet());
    all.addAll(ended.keySet());
    return Set.copyOf(all);
  }

  int owed() {
    return waiting.size() + running.size() + ended.size();
  }

  int work(ClusterState state, long now) {
    int done = 0;
    while (!waiting.isEmpty() && running.size() < MOST_AT_ONCE) {
      EffectId id = waiting.remove();
      Effect effect = state.effects().get(id).orElse(null);
      if (effect != null) {
        start(state.config(), effect);
        done++;
      }
    }
    if (!ended.isEmpty() && tellNanos - now <= 0) {
      tellNanos = now + AGAIN_NANOS;
      ended.forEach(this::tell);
    }
    return done;
  }

  private void start(ClusterConfig config, Effect effect) {
    run(config, effect, programs(config, effect.kind()));
  }

  /** One after the other, as long as all is well. */
  private void run(ClusterConfig config, Effect effect, List<String> programs) {
    EffectId id = effect.id();
    if (programs.isEmpty()) {
      ends(id, true);
      return;
    }
    List<String> command = new ArrayList<>();
    command.add(programs.get(0));
    command.addAll(effect.arguments());
    running.put(
        id,
        runner.run(
            command,
            effect.environment(),
            limit(config, effect.kind()),
            well ->
                submitter.post(
                    () -> {
                      if (running.remove(id) == null) {
                        return;
                      }
                      if (well) {
                        run(config, effect, programs.subList(1, programs.size()));
                      } else {
                        ends(id, false);
                      }
                    })));
  }

  private void ends(EffectId id, boolean well) {
    ended.put(id, well);
    tell(id, well);
  }

  /** Said again after a while unless the debt is gone by then. */
  private void tell(EffectId id, boolean well) {
    tellNanos = time.monotonicNanos() + AGAIN_NANOS;
    ScriptEnded command = ScriptEnded.builder().time(log.now()).effectId(id).failed(!well).build();
    submitter.submit(command, committed -> {});
  }

  private static List<String> programs(ClusterConfig config, EffectKind kind) {
    if (kind == EffectKind.SEND_MAIL) {
      return List.of(value(config, "MailProg", "/usr/bin/mail"));
    }
    String key = kind == EffectKind.RUN_PROLOG ? "PrologSlurmctld" : "EpilogSlurmctld";
    return config.parameters().stream()
        .filter(parameter -> parameter.name().equals(key))
        .map(Parameter::value)
        .filter(value -> value != null && !value.isEmpty())
        .toList();
  }

  /** PrologEpilogTimeout; null where there is none. */
  private static Duration limit(ClusterConfig config, EffectKind kind) {
    if (kind == EffectKind.SEND_MAIL) {
      return MAIL_LIMIT;
    }
    String given = value(config, "PrologEpilogTimeout", "");
    try {
      long seconds = given.isEmpty() ? UNLIMITED_SECONDS : Long.parseLong(given);
      return seconds >= UNLIMITED_SECONDS ? null : Duration.ofSeconds(seconds);
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }

  private static String value(ClusterConfig config, String key, String otherwise) {
    for (Parameter parameter : config.parameters()) {
      if (parameter.name().equalsIgnoreCase(key)
          && parameter.value() != null
          && !parameter.value().isEmpty()) {
        return parameter.value();
      }
    }
    return otherwise;
  }
}

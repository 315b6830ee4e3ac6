package baton.controller.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces what differs between two runs of the same session by nature: times, loads, process ids,
 * the cluster's own name, and job ids, which become the rank of their submission.
 *
 * <p>Everything else stays, so that columns keep their widths and limits their values. Time limits
 * of a session are five minutes or more; what is shorter counts as time that has passed.
 */
final class Mask {
  private record Rule(Pattern pattern, String replacement) {}

  private static final List<Rule> RULES =
      List.of(
          rule("\\bdiffer[ea]\\d{8}\\b", "CLUSTER"),
          rule("\\b20[2-4]\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\b", "TIME"),
          // From 26.05 slurmstepd tells milliseconds.
          rule("(?<=\\[TIME)\\.\\d{3}(?=\\])", ""),
          rule("\\b[A-Z][a-z]{2} [A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d 20\\d\\d\\b", "DATE"),
          rule("\\b1[6-9]\\d{8}\\b", "EPOCH"),
          rule("(?<=RunTime=)\\S+", "PASSED"),
          rule("(?<!ExitCode=)\\b[0-4]:\\d\\d\\b", "0:SS"),
          // Set when a scheduler first looks at the job, sooner or later.
          rule("(?<=AccrueTime=)\\S+", "TIME"),
          rule("(?<=\"accrue_time\": )\\d+", "EPOCH"),
          rule("(\"accrue_time\": \\{[^}]*\"number\": )\\w+", "$1EPOCH"),
          // Which of its two schedulers came first is chance.
          rule("(?<=Scheduler=)(Main|Backfill)\\b(:\\*)?", "ANY"),
          rule("(?<=SecsPreSuspend=)[1-9]\\d*", "N"),
          rule("(?<=CPULoad=)[\\d.]+", "LOAD"),
          rule("(?<=FreeMem=)\\d+", "MIB"),
          rule("(?<=\"(cpu_load|free_memory|free_mem)\": )\\d+", "LOAD"),
          rule("(\"free_mem\": \\{[^}]*\"number\": )\\d+", "$1LOAD"),
          rule("(?<=\"(load|free)\": \\{)[^{}]*(\\{[^{}]*\\}[^{}]*)*", " LOAD "),
          rule(",\\s*\"(BACKFILL|SCHEDULING)_ATTEMPTED\"", ""),
          rule("(\"last_backfill\": \\{[^}]*\"number\": )\\d+", "$1EPOCH"),
          // Of a held job it is gone when a scheduler first looks at it.
          rule("\"DEPENDENT\",\\s*", ""),
          rule("(?<=SLUID=|\"sluid\": \")s\\w+", "SLUID"),
          rule("(?<=SrunHost:Pid=)(\\S+):\\d+", "$1:PID"),
          rule("(?<=AllocNode:Sid=)(\\S+):\\d+", "$1:PID"),
          // Told by a plugin of slurmctld that loads only where libpmix is installed.
          rule("MPI Plugins Configuration:\\n(.+\\n)*\\n?", ""),
          // slurmctld uses up an id for a job that is only tried out.
          rule("(?<=sbatch: Job )\\d+(?= to start at)", "TRIED"),
          rule("(?<=NEXT_JOB_ID)( +=) \\d+", "$1 ID"));

  /** Alone or with the index of a task: 7001, 7001_3, 7001_[4-6]. */
  private static final Pattern JOB_ID = Pattern.compile("(?<![A-Za-z0-9])7\\d{3}(?![A-Za-z0-9])");

  private final List<String> jobIds;

  /**
   * @param jobIds of this run, in the order in which the jobs were submitted
   */
  Mask(List<String> jobIds) {
    this.jobIds = new ArrayList<>(jobIds);
  }

  private static Rule rule(String pattern, String replacement) {
    return new Rule(Pattern.compile(pattern), replacement);
  }

  /** Masks all that a command printed to one stream. */
  String apply(String text) {
    String masked = text;
    for (Rule rule : RULES) {
      masked = rule.pattern().matcher(masked).replaceAll(rule.replacement());
    }
    return JOB_ID
        .matcher(masked)
        .replaceAll(match -> Matcher.quoteReplacement(name(match.group())));
  }

  /** Four characters, as the id itself. Tasks of an array have ids that nobody was told. */
  private String name(String id) {
    int rank = jobIds.indexOf(id);
    return rank < 0 ? "j..." : String.format("j#%02d", rank + 1);
  }
}

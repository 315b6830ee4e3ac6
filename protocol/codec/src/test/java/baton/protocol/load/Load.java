package baton.protocol.load;

import baton.protocol.load.Arguments.UsageException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code load submit|query|munge --key value …}: prints one line of JSON. Exit code 0 when the load
 * was run to its end, 1 when nothing at all was answered, 2 for wrong usage.
 */
public final class Load {
  private static final String USAGE =
      """
      load submit --controller HOST:PORT,... --munge-socket PATH
                                                              submits batch jobs, in turn to each, prints how many were acknowledged
        --clients N        at a time, each on connections of its own (1)
        --jobs N           ends after N attempts in all (no limit)
        --seconds T        ends after T seconds (no limit)
        --release R        what is spoken (22.05)
        --hold             the jobs are held, as with sbatch -H
        --script FILE      the batch script (one that does nothing)
        --work-dir DIR     where it runs (/tmp)
        --user UID         whose jobs they are (2001); root may submit for others
        --retry            tries again while the controller cannot be reached, as sbatch does
        --every MS         least time from a client's one submission to its next (0)
        --pause FILE       submits nothing while FILE exists
        --stop FILE        ends as soon as FILE exists
        --ids FILE         appends the id of every acknowledged job at once
      load query --controller HOST:PORT --munge-socket PATH   asks for all jobs
        --clients N, --jobs N, --seconds T, --release R as above
      load history --controller HOST:PORT,... --munge-socket PATH --history FILE --work-dir DIR
                                                              many clients at the same jobs; what each was told goes to FILE
        --name TEXT        begins the names of its jobs (h)
        --seed N           what clients do (1)
        --patience SECONDS how long one waits for an answer (10)
        --clients N, --jobs N (operations), --seconds T, --release R, --user UID, --every MS as above
      load probe --controller HOST:PORT,... --munge-socket PATH --kind write|read --job ID --answers FILE
                                                              asks again and again, at the next one when one fails; a line in FILE
                                                              for each answer: when it was asked and answered, in ns since 1970
        --every MS         from one attempt to the next (20)
        --patience SECONDS, --seconds T, --stop FILE as above
      load munge --munge-socket PATH [--jobs N] [--clients N] makes and decodes N credentials (4000)
      """;

  private Load() {}

  /** See the class. */
  public static void main(String[] words) throws Exception {
    List<String> all = Arrays.asList(words);
    if (all.isEmpty() || all.contains("--help")) {
      System.out.print(USAGE);
      System.exit(all.isEmpty() ? 2 : 0);
    }
    try {
      Arguments arguments = Arguments.parse(all.subList(1, all.size()));
      Map<String, Number> result =
          switch (all.get(0)) {
            case "submit" -> SubmitLoad.run(arguments);
            case "query" -> QueryLoad.run(arguments);
            case "history" -> HistoryLoad.run(arguments);
            case "probe" -> ProbeLoad.run(arguments);
            case "munge" -> MungeLoad.run(arguments);
            default -> throw new UsageException("no load '" + all.get(0) + "'");
          };
      System.out.println(json(result));
      System.exit(result.get("answered").longValue() == 0 ? 1 : 0);
    } catch (UsageException wrong) {
      System.err.println("load: " + wrong.getMessage());
      System.exit(2);
    }
  }

  private static String json(Map<String, Number> values) {
    StringBuilder text = new StringBuilder("{");
    new TreeMap<>(values)
        .forEach(
            (name, value) -> {
              text.append(text.length() == 1 ? "" : ", ").append('"').append(name).append("\": ");
              text.append(
                  value instanceof Double real
                      ? String.format(Locale.ROOT, "%.3f", real)
                      : value.toString());
            });
    return text.append('}').toString();
  }
}

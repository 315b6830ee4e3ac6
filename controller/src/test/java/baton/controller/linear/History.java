package baton.controller.linear;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What many clients did to many jobs, job by job: jobs share nothing that the model knows, so a
 * history is linearizable when that of each job is. That no two jobs have one id is asked apart.
 *
 * @param jobs by the name that clients gave
 * @param lines operations in all
 * @param unanswered those that no answer came to
 * @param turnedAway those that were refused for a reason that is not the job's
 */
record History(
    Map<String, List<Operation<JobAction>>> jobs, int lines, int unanswered, int turnedAway) {
  static History read(Path file) throws IOException, HistoryFormatException {
    return of(Files.readAllLines(file));
  }

  static History of(List<String> lines) throws HistoryFormatException {
    Map<String, List<Operation<JobAction>>> jobs = new TreeMap<>();
    int unanswered = 0;
    int turnedAway = 0;
    for (int i = 0; i < lines.size(); i++) {
      try {
        HistoryLine line = HistoryLine.parse(lines.get(i));
        List<Operation<JobAction>> job =
            jobs.computeIfAbsent(line.job(), name -> new ArrayList<>());
        line.operation().ifPresent(job::add);
        unanswered += lines.get(i).contains("\"outcome\":\"unknown\"") ? 1 : 0;
        turnedAway += line.operation().filter(History::isTurnedAway).isPresent() ? 1 : 0;
      } catch (HistoryFormatException wrong) {
        throw new HistoryFormatException("line " + (i + 1) + ": " + wrong.getMessage());
      }
    }
    return new History(jobs, lines.size(), unanswered, turnedAway);
  }

  private static boolean isTurnedAway(Operation<JobAction> operation) {
    JobAction action = operation.action();
    if (action instanceof JobAction.Submit submit) {
      return !submit.answer().isAboutTheJob();
    }
    if (action instanceof JobAction.Change change) {
      return !change.answer().isAboutTheJob();
    }
    return action instanceof JobAction.Cancel cancel && !cancel.answer().isAboutTheJob();
  }

  /** Faults, each in lines for people; none when the history is linearizable. */
  List<String> faults() {
    List<String> faults = new ArrayList<>(idsGivenTwice());
    JobModel model = new JobModel();
    jobs.forEach(
        (name, operations) -> {
          Verdict verdict = Linearizer.judge(model, operations);
          if (verdict instanceof Verdict.Rejected) {
            faults.add(explain(name, operations, Contradiction.in(model, operations)));
          } else if (verdict instanceof Verdict.Undecided) {
            faults.add("job " + name + ": too many orders were tried, nothing is known");
          }
        });
    return faults;
  }

  private List<String> idsGivenTwice() {
    Map<Long, String> owners = new TreeMap<>();
    List<String> faults = new ArrayList<>();
    jobs.forEach(
        (name, operations) -> {
          for (Operation<JobAction> operation : operations) {
            if (operation.action() instanceof JobAction.Submit submit && submit.id() != 0) {
              String other = owners.putIfAbsent(submit.id(), name);
              if (other != null) {
                faults.add("id " + submit.id() + " was given to job " + other + " and to " + name);
              }
            }
          }
        });
    return faults;
  }

  private static String explain(
      String name, List<Operation<JobAction>> operations, Contradiction<JobAction> contradiction) {
    long zero = operations.stream().mapToLong(Operation::callNanos).min().orElse(0);
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "job %s: no order of its %d operations agrees with what was answered.%n"
                + "  These contradict each other, whatever the others did (milliseconds):%n",
            name, operations.size()));
    for (Operation<JobAction> operation : contradiction.essential()) {
      text.append(
          String.format(
              "  %11.3f ..%11.3f  %-10s %s%n",
              (operation.callNanos() - zero) / 1e6,
              (operation.returnNanos() - zero) / 1e6,
              operation.label(),
              operation.action()));
    }
    text.append("  The longest order that is possible ends with ")
        .append(contradiction.verdict().reached());
    contradiction.verdict().stuck().forEach(line -> text.append("\n    but ").append(line));
    return text.toString();
  }
}

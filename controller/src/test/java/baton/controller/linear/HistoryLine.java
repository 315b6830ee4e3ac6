package baton.controller.linear;

import baton.controller.linear.JobView.Settings;
import java.util.Optional;

/**
 * One line of a history file, understood. The file's format is in {@code
 * docs/engineer/linearizability.md}.
 *
 * @param job the name that the client gave the job before it had an id
 * @param operation what was done; empty for a question that nobody answered, which says nothing
 */
record HistoryLine(String job, Optional<Operation<JobAction>> operation) {
  static HistoryLine parse(String line) throws HistoryFormatException {
    FlatJson json = FlatJson.parse(line);
    String job = json.text("job");
    String kind = json.text("op");
    String who = json.text("client");
    long call = json.number("call");
    boolean open = json.text("outcome").equals("unknown");
    long end = open ? Operation.OPEN : json.number("return");
    if (end < call) {
      throw new HistoryFormatException("it returns before it is called");
    }
    if (kind.equals("show") && saysNothing(json, open)) {
      return new HistoryLine(job, Optional.empty());
    }
    JobAction action = action(kind, json, open);
    return new HistoryLine(job, Optional.of(new Operation<>("client " + who, action, call, end)));
  }

  private static boolean saysNothing(FlatJson json, boolean open) throws HistoryFormatException {
    if (open) {
      return true;
    }
    Answer answer = answer(json);
    return !answer.equals(Answer.DONE) && !answer.equals(Answer.NO_SUCH_JOB);
  }

  private static JobAction action(String kind, FlatJson json, boolean open)
      throws HistoryFormatException {
    Answer answer = open ? Answer.DONE : answer(json);
    return switch (kind) {
      case "submit" ->
          new JobAction.Submit(
              settings(json),
              (int) json.number("exit"),
              answer,
              answer.equals(Answer.DONE) && !open ? json.number("id") : 0);
      case "hold" -> change(json, Optional.of(0L), answer);
      case "release" -> change(json, Optional.of(Settings.OF_THE_SCHEDULER), answer);
      case "update" -> change(json, number(json, "priority"), answer);
      case "cancel" -> new JobAction.Cancel(answer);
      case "show" -> new JobAction.Show(seen(json, answer));
      case "started" -> new JobAction.ScriptBegins();
      case "ended" -> new JobAction.ScriptEnds();
      default -> throw new HistoryFormatException("no operation is called " + kind);
    };
  }

  private static Answer answer(FlatJson json) throws HistoryFormatException {
    return switch (json.text("outcome")) {
      case "done" -> Answer.DONE;
      case "refused" -> new Answer((int) json.number("code"));
      default -> throw new HistoryFormatException("outcome is done, refused or unknown");
    };
  }

  private static JobAction change(FlatJson json, Optional<Long> priority, Answer answer)
      throws HistoryFormatException {
    return new JobAction.Change(
        text(json, "name"), text(json, "comment"), number(json, "limit"), priority, answer);
  }

  private static Optional<Seen> seen(FlatJson json, Answer answer) throws HistoryFormatException {
    if (!answer.equals(Answer.DONE)) {
      return Optional.empty();
    }
    return Optional.of(
        new Seen(json.number("id"), json.text("state"), settings(json), (int) json.number("exit")));
  }

  private static Settings settings(FlatJson json) throws HistoryFormatException {
    return new Settings(
        json.text("name"), json.text("comment"), json.number("limit"), json.number("priority"));
  }

  private static Optional<String> text(FlatJson json, String name) throws HistoryFormatException {
    return json.has(name) ? Optional.of(json.text(name)) : Optional.empty();
  }

  private static Optional<Long> number(FlatJson json, String name) throws HistoryFormatException {
    return json.has(name) ? Optional.of(json.number(name)) : Optional.empty();
  }
}

package baton.controller.linear;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Histories of a thousand operations that are right, and the same with one thing wrong: each is
 * told apart, and the explanation names what is wrong.
 */
class PlantedViolationsTest {
  private static final int OPERATIONS = 1000;
  private static final String RAN = "COMPLETED";

  private final List<Map<String, String>> lines = SimulatedJobs.history(9, OPERATIONS);

  @Test
  void whatIsRightIsAccepted() throws Exception {
    for (long seed = 1; seed <= 20; seed++) {
      History history = History.of(SimulatedJobs.written(SimulatedJobs.history(seed, OPERATIONS)));
      assertEquals(List.of(), history.faults(), "seed " + seed);
      assertTrue(history.jobs().size() > 20, "seed " + seed);
    }
  }

  @Test
  void anAcknowledgedJobIsNotKnown() throws Exception {
    Map<String, String> show = first(is("show"));
    show.put("outcome", "refused");
    show.put("code", "2017");
    rejected("show -> no such job", "submit ", "-> id " + show.get("id"));
  }

  @Test
  void oneIdForTwoJobs() throws Exception {
    Map<String, String> one = first(is("submit"));
    Map<String, String> other = first(is("submit").and(line -> line != one));
    lines.removeIf(sameJob(other).and(line -> line.containsKey("state")));
    other.put("id", one.get("id"));
    rejected("id " + one.get("id") + " was given to job " + one.get("job"));
  }

  @Test
  void aReaderIsToldOldNews() throws Exception {
    Pair pair = updateAndShow("name");
    pair.show().put("name", "n0");
    rejected("show -> ", "name=n0");
  }

  @Test
  void anUpdateIsLost() throws Exception {
    Pair pair = updateAndShow("comment");
    for (Map<String, String> line : lines) {
      if (is("show").and(after(pair.update())).test(line)) {
        line.put("comment", "");
      }
    }
    rejected("comment=" + pair.update().get("comment"));
  }

  @Test
  void whatWasSeenIsUnseen() throws Exception {
    for (Pair pair : updatesAndShows("name", "comment")) {
      Predicate<Map<String, String>> later =
          is("show").and(after(pair.show())).and(show -> quiet("name", pair, show));
      if (!all(later).isEmpty()) {
        pair.update().remove("return");
        pair.update().put("outcome", "unknown");
        first(later).put("name", nameBefore(pair.update()));
        rejected("name=" + pair.update().get("name"));
        return;
      }
    }
    throw new AssertionError("no update is seen twice");
  }

  @Test
  void halfOfAnUpdateIsSeen() throws Exception {
    Pair pair = updateAndShow("limit");
    pair.show().put("limit", "60");
    rejected("limit=60", "its time limit is " + pair.update().get("limit"));
  }

  @Test
  void aScriptRunsTwice() throws Exception {
    Map<String, String> again = new LinkedHashMap<>(first(is("started")));
    String later = Long.toString(Long.parseLong(again.get("call")) + 1000);
    again.put("call", later);
    again.put("return", later);
    lines.add(again);
    rejected("the script begins: it had begun before");
  }

  @Test
  void aHeldJobRuns() throws Exception {
    Predicate<Map<String, String>> held =
        is("show").and(at("PENDING")).and(line -> line.get("priority").equals("0"));
    for (Map<String, String> show : all(held)) {
      Optional<Map<String, String>> later =
          all(held.and(after(show))).stream()
              .filter(line -> quiet("priority", new Pair(show, show), line))
              .findFirst();
      if (later.isPresent()) {
        later.get().put("state", "RUNNING");
        rejected("RUNNING", "held");
        return;
      }
    }
    throw new AssertionError("no job is seen held twice");
  }

  @Test
  void aCancelledJobLivesOn() throws Exception {
    Map<String, String> cancel =
        first(is("cancel").and(line -> all(is("show").and(after(line))).size() > 0));
    first(is("show").and(after(cancel))).put("state", "PENDING");
    rejected("cancel -> done", "PENDING");
  }

  @Test
  void aJobIsCompleteBeforeItsScriptEnds() throws Exception {
    Map<String, String> show =
        first(
            is("show")
                .and(at("RUNNING"))
                .and(
                    line ->
                        all(script("ended", line)).stream()
                            .anyMatch(end -> time(end, "call") > time(line, "return"))));
    Map<String, String> submit = first(is("submit").and(sameJob(show)));
    show.put("state", submit.get("exit").equals("0") ? RAN : "FAILED");
    show.put("exit", submit.get("exit"));
    rejected("show -> id " + show.get("id") + " " + show.get("state"));
  }

  @Test
  void anExitStatusIsAnother() throws Exception {
    Map<String, String> show = first(is("show").and(at("FAILED")));
    show.put("exit", "4");
    rejected("its script exits with 3");
  }

  @Test
  void anEndedJobRunsAgain() throws Exception {
    Map<String, String> show =
        first(is("show").and(at(RAN)).and(line -> !all(is("show").and(after(line))).isEmpty()));
    Map<String, String> later = first(is("show").and(after(show)));
    later.put("state", "RUNNING");
    rejected(RAN, "RUNNING");
  }

  @Test
  void whatWasRefusedHasAnEffect() throws Exception {
    Pair pair = updateAndShow("name");
    pair.update().put("outcome", "refused");
    pair.update().put("code", "2042");
    rejected("refused with 2042");
  }

  /** The history is found wrong, in one place only, and the explanation holds these words. */
  private void rejected(String... words) throws Exception {
    List<String> faults = History.of(SimulatedJobs.written(lines)).faults();
    assertEquals(1, faults.size(), faults::toString);
    for (String word : words) {
      assertTrue(faults.get(0).contains(word), () -> word + " is not in " + faults.get(0));
    }
    assertTrue(faults.get(0).lines().count() <= 12, faults.get(0));
    assertFalse(faults.get(0).contains("too many orders"), faults.get(0));
  }

  /** An update that was done, and a question after it, with nobody else at work on that setting. */
  private record Pair(Map<String, String> update, Map<String, String> show) {}

  private Pair updateAndShow(String setting) {
    return updatesAndShows(setting).get(0);
  }

  private List<Pair> updatesAndShows(String setting, String... not) {
    List<Pair> pairs = new ArrayList<>();
    Predicate<Map<String, String>> named = line -> line.containsKey(setting);
    Predicate<Map<String, String>> alone =
        line -> List.of(not).stream().noneMatch(line::containsKey);
    for (Map<String, String> update : all(is("update").and(named).and(alone))) {
      for (Map<String, String> show : all(is("show").and(after(update)))) {
        Pair pair = new Pair(update, show);
        boolean changed = !setting.equals("name") || !nameBefore(update).equals(update.get("name"));
        if (quiet(setting, pair, show)
            && show.get(setting).equals(update.get(setting))
            && changed) {
          pairs.add(pair);
        }
      }
    }
    return pairs;
  }

  /** A name that the job had, or might have had, before. */
  private String nameBefore(Map<String, String> update) {
    return first(is("submit").and(sameJob(update))).get("name");
  }

  /** Whether nobody else may have changed the setting between the update's call and the end. */
  private boolean quiet(String setting, Pair pair, Map<String, String> end) {
    Set<String> kinds = Set.of("hold", "release", "update");
    return lines.stream()
        .filter(sameJob(pair.update()))
        .filter(line -> line != pair.update() && kinds.contains(line.get("op")))
        .filter(line -> line.containsKey(setting) || setting.equals("priority"))
        .allMatch(
            line ->
                (line.containsKey("return") && time(line, "return") < time(pair.update(), "call"))
                    || time(line, "call") > time(end, "return"));
  }

  private static long time(Map<String, String> line, String which) {
    return Long.parseLong(line.get(which));
  }

  private List<Map<String, String>> all(Predicate<Map<String, String>> which) {
    return new ArrayList<>(lines.stream().filter(which).toList());
  }

  private Map<String, String> first(Predicate<Map<String, String>> which) {
    return lines.stream().filter(which).findFirst().orElseThrow();
  }

  /** Operations of that kind that were done. */
  private static Predicate<Map<String, String>> is(String kind) {
    return line -> line.get("op").equals(kind) && line.get("outcome").equals("done");
  }

  private static Predicate<Map<String, String>> script(String kind, Map<String, String> job) {
    return line -> line.get("op").equals(kind) && line.get("job").equals(job.get("job"));
  }

  private static Predicate<Map<String, String>> at(String state) {
    return line -> state.equals(line.get("state"));
  }

  private static Predicate<Map<String, String>> sameJob(Map<String, String> other) {
    return line -> line.get("job").equals(other.get("job"));
  }

  private static Predicate<Map<String, String>> after(Map<String, String> earlier) {
    return sameJob(earlier).and(line -> time(line, "call") > time(earlier, "return"));
  }
}

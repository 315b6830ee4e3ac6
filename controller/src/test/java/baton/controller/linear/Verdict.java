package baton.controller.linear;

import java.util.List;

/** What the search came to. */
sealed interface Verdict {
  /** An order exists. */
  record Accepted() implements Verdict {}

  /**
   * No order exists.
   *
   * @param reached the state after the longest order that was found, for people
   * @param stuck what none of the next operations agrees with there, a line each
   */
  record Rejected(String reached, List<String> stuck) implements Verdict {}

  /** So many orders were tried that the search gave up. */
  record Undecided() implements Verdict {}
}

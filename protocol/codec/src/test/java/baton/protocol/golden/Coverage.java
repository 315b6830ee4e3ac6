package baton.protocol.golden;

import baton.protocol.message.MessageType;
import baton.protocol.type.Release;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which messages have goldens in which release. Of this slice are those that the recorded programs
 * said in any release.
 */
final class Coverage {

  private final Map<MessageType, Map<Release, Integer>> counts = new EnumMap<>(MessageType.class);

  private Coverage() {}

  static Coverage ofGoldens() {
    return of(Golden.all());
  }

  static Coverage of(List<Golden> goldens) {
    Coverage coverage = new Coverage();
    for (Golden golden : goldens) {
      Optional<MessageType> type = golden.messageType();
      type.ifPresent(
          known ->
              coverage
                  .counts
                  .computeIfAbsent(known, key -> new EnumMap<>(Release.class))
                  .merge(golden.release(), 1, Integer::sum));
    }
    return coverage;
  }

  private int goldens(MessageType type, Release release) {
    return counts.get(type).getOrDefault(release, 0);
  }

  private String share(Set<Release> releases) {
    int there = 0;
    int spoken = 0;
    int files = 0;
    for (MessageType type : counts.keySet()) {
      for (Release release : releases) {
        spoken += type.isSpoken(release) ? 1 : 0;
        there += goldens(type, release) > 0 ? 1 : 0;
        files += goldens(type, release);
      }
    }
    double percent = spoken == 0 ? 0 : 100.0 * there / spoken;
    return String.format(
        Locale.ROOT, "%d of %d messages (%.0f %%), %d goldens", there, spoken, percent, files);
  }

  /** One line for each release, and one for all. */
  String summary() {
    StringBuilder text = new StringBuilder();
    for (Release release : Release.values()) {
      text.append("goldens ").append(release).append(": ");
      text.append(share(EnumSet.of(release))).append('\n');
    }
    return text.append("goldens in all: ")
        .append(share(EnumSet.allOf(Release.class)))
        .append('\n')
        .toString();
  }

  /** The page of the reference. */
  String page() {
    StringBuilder text =
        new StringBuilder(
            """
            # Goldens

            How many recorded bodies there are of each message that the recorded programs said, by release. `–`
            stands where the release has no such message. See [how they are made](../engineer/goldens.md).
            Written by `bin/reference`.

            """);
    text.append(summary().lines().map(line -> "- " + line + "\n").reduce("", String::concat));
    text.append("\n| message |");
    for (Release release : Release.values()) {
      text.append(' ').append(release).append(" |");
    }
    text.append("\n|---|").append("---|".repeat(Release.values().length)).append('\n');
    for (MessageType type : counts.keySet()) {
      text.append("| ").append(type).append(" |");
      for (Release release : Release.values()) {
        int there = goldens(type, release);
        text.append(type.isSpoken(release) ? " " + (there == 0 ? "" : there) : " –").append(" |");
      }
      text.append('\n');
    }
    Set<MessageType> unseen = EnumSet.complementOf(EnumSet.copyOf(counts.keySet()));
    text.append("\nDescribed, never recorded: ").append(unseen.size()).append(" message types.\n");
    return text.toString();
  }
}

package baton.controller.replication.peer;

import java.util.Map;

/** Answers at the door. */
final class Answers {
  private Answers() {}

  static Map<String, String> done() {
    return Map.of(DoorField.OUTCOME, DoorField.DONE);
  }

  static Map<String, String> waitFor(String why) {
    return Map.of(DoorField.OUTCOME, DoorField.WAIT, DoorField.WHY, why);
  }

  static Map<String, String> refused(String why) {
    return Map.of(DoorField.OUTCOME, DoorField.REFUSED, DoorField.WHY, why);
  }
}

package baton.controller.linear;

/** A history file says something else than histories say; the message is for people. */
final class HistoryFormatException extends Exception {
  HistoryFormatException(String message) {
    super(message);
  }
}

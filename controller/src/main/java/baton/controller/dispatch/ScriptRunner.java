package baton.controller.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Runs programs on the controller's host. Any thread. */
public interface ScriptRunner {
  /** A program that was asked for. */
  interface Script {
    /** Ends it, if it still runs; {@code told} is called all the same. */
    void kill();
  }

  /**
   * Runs a program, soon.
   *
   * @param command the program and its arguments
   * @param environment all of its environment, each NAME=value
   * @param limit after this it is killed; null for never
   * @param told once: whether it ended by itself, and with code 0; on any thread
   */
  Script run(
      List<String> command, List<String> environment, Duration limit, Consumer<Boolean> told);
}

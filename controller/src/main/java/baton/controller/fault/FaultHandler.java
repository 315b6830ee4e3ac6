package baton.controller.fault;

/**
 * Where faults go. A fault is something that the code did not provide for; what a client does wrong
 * is a refusal, and never a fault.
 *
 * <p>Implementations are thread-safe, do not throw, and do not block for longer than a log line
 * takes. Tests pass a handler that fails the test on any fault.
 */
public interface FaultHandler {

  /**
   * A replica has found its own state or its storage wrong, and must not go on: a broken invariant,
   * a command that cannot be decoded, a log that cannot be written. In production the process ends,
   * so the call may not return. Where it does return, the caller stops the component itself.
   *
   * @param what the component and what it found, for the administrator
   * @param cause what was thrown
   */
  void fatal(String what, Throwable cause);

  /**
   * Something failed that the component survives and will try again: a snapshot that could not be
   * written, a listener that threw.
   *
   * @param what the component and what it found, for the administrator
   * @param cause what was thrown
   */
  void report(String what, Throwable cause);
}

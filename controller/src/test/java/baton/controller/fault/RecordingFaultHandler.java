package baton.controller.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps faults for a test to look at; {@link #assertNone()} fails on any. */
public final class RecordingFaultHandler implements FaultHandler {

  private final List<String> fatal = new CopyOnWriteArrayList<>();
  private final List<String> reported = new CopyOnWriteArrayList<>();

  @Override
  public void fatal(String what, Throwable cause) {
    fatal.add(what + ": " + cause);
  }

  @Override
  public void report(String what, Throwable cause) {
    reported.add(what + ": " + cause);
  }

  /** Returns the fatal faults so far. */
  public List<String> fatalFaults() {
    return List.copyOf(fatal);
  }

  /** Returns the reported faults so far. */
  public List<String> reportedFaults() {
    return List.copyOf(reported);
  }

  /** Fails when there was any fault. */
  public void assertNone() {
    assertEquals(List.of(), fatalFaults());
    assertEquals(List.of(), reportedFaults());
  }
}

package baton.controller.fault;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The production handler: logs, counts, and ends the process on a fatal fault without running
 * shutdown hooks, since a replica that is wrong should write nothing more. A restart comes back
 * from snapshot and log.
 */
public final class ProcessFaultHandler implements FaultHandler {

  /** The exit code of a process that ended itself: {@code EX_SOFTWARE} of sysexits. */
  public static final int EXIT_CODE = 70;

  private static final Logger LOG = LoggerFactory.getLogger(ProcessFaultHandler.class);

  private final IntConsumer endProcess;
  private final AtomicLong reported = new AtomicLong();

  /** Creates a handler that halts this JVM on a fatal fault. */
  public ProcessFaultHandler() {
    this(code -> Runtime.getRuntime().halt(code));
  }

  ProcessFaultHandler(IntConsumer endProcess) {
    this.endProcess = endProcess;
  }

  @Override
  public void fatal(String what, Throwable cause) {
    try {
      LOG.error("fatal fault, the controller stops: {}", what, cause);
    } finally {
      endProcess.accept(EXIT_CODE);
    }
  }

  @Override
  public void report(String what, Throwable cause) {
    reported.incrementAndGet();
    LOG.error("fault: {}", what, cause);
  }

  /** Returns how many faults were reported and survived since the start. */
  public long reported() {
    return reported.get();
  }
}

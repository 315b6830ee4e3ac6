package baton.controller.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.controller.fault.RecordingFaultHandler;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class AgentRunnerTest {

  private static final Duration NEVER = Duration.ofDays(1);

  private final RecordingFaultHandler faults = new RecordingFaultHandler();

  /** Counts its calls, and does what a test asks of it. */
  private static final class CountingAgent implements Agent {
    final Semaphore calls = new Semaphore(0);
    final AtomicInteger failures = new AtomicInteger();
    final CountDownLatch closed = new CountDownLatch(1);
    final AtomicInteger leftToDo = new AtomicInteger();

    @Override
    public int doWork() {
      calls.release();
      if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw new IllegalStateException("for the test");
      }
      return leftToDo.getAndUpdate(n -> Math.max(0, n - 1)) > 0 ? 1 : 0;
    }

    @Override
    public String roleName() {
      return "counting";
    }

    @Override
    public void onClose() {
      closed.countDown();
    }

    void awaitCalls(int count) throws InterruptedException {
      assertTrue(calls.tryAcquire(count, 10, TimeUnit.SECONDS), "the agent was not called");
    }
  }

  @Test
  void goesOnWhileThereIsWorkAndRestsUntilWoken() throws InterruptedException {
    CountingAgent agent = new CountingAgent();
    agent.leftToDo.set(3);
    try (AgentRunner runner = new AgentRunner(agent, NEVER, faults)) {
      runner.start();
      agent.awaitCalls(4);
      runner.wakeUp();
      agent.awaitCalls(1);
    }
    assertEquals(0, agent.closed.getCount());
    faults.assertNone();
  }

  @Test
  void comesBackAfterItsRestTime() throws InterruptedException {
    CountingAgent agent = new CountingAgent();
    try (AgentRunner runner = new AgentRunner(agent, Duration.ofMillis(1), faults)) {
      runner.start();
      agent.awaitCalls(5);
    }
    faults.assertNone();
  }

  @Test
  void reportsAnExceptionAndCallsAgain() throws InterruptedException {
    CountingAgent agent = new CountingAgent();
    agent.failures.set(1);
    try (AgentRunner runner = new AgentRunner(agent, NEVER, faults)) {
      runner.start();
      agent.awaitCalls(1);
      runner.wakeUp();
      agent.awaitCalls(1);
    }
    assertEquals(1, faults.reportedFaults().size());
    assertEquals(0, faults.fatalFaults().size());
  }
}

package baton.protocol.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "worker");
    thread.setDaemon(true);
    return thread;
  }

  @Test
  void runsAllThatIsHandedOverFromManyThreadsAtOnce() throws Exception {
    Workers workers = new Workers(4, 100_000, WorkersTest::daemon);
    AtomicInteger ran = new AtomicInteger();
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    Thread[] callers = new Thread[3];
    for (int i = 0; i < callers.length; i++) {
      callers[i] =
          daemon(
              () -> {
                for (int n = 0; n < 5_000; n++) {
                  workers.execute(
                      () -> {
                        seen.add(Thread.currentThread());
                        ran.incrementAndGet();
                      });
                }
              });
      callers[i].start();
    }
    for (Thread caller : callers) {
      caller.join();
    }
    workers.close(LONG);
    assertEquals(15_000, ran.get());
    assertTrue(seen.size() <= 4, seen.size() + " threads");
    assertThrows(RejectedExecutionException.class, () -> workers.execute(() -> {}));
  }

  @Test
  void refusesWhatItHasNoRoomFor() throws Exception {
    Workers workers = new Workers(1, 1, WorkersTest::daemon);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger ran = new AtomicInteger();
    workers.execute(
        () -> {
          begun.countDown();
          awaitQuietly(go);
          ran.incrementAndGet();
        });
    assertTrue(begun.await(30, TimeUnit.SECONDS));
    workers.execute(ran::incrementAndGet);
    assertEquals(1, workers.waiting());
    assertThrows(RejectedExecutionException.class, () -> workers.execute(ran::incrementAndGet));
    go.countDown();
    workers.close(LONG);
    assertEquals(2, ran.get(), "what was taken is done before it is closed");
  }

  @Test
  void aThreadOutlivesWhatBreaksInIt() throws Exception {
    AtomicInteger told = new AtomicInteger();
    Workers workers =
        new Workers(
            1,
            10,
            work -> {
              Thread thread = daemon(work);
              thread.setUncaughtExceptionHandler((broken, why) -> told.incrementAndGet());
              return thread;
            });
    CountDownLatch after = new CountDownLatch(1);
    workers.execute(
        () -> {
          throw new IllegalStateException("broken");
        });
    workers.execute(after::countDown);
    assertTrue(after.await(30, TimeUnit.SECONDS));
    assertEquals(1, told.get());
    workers.close(LONG);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}

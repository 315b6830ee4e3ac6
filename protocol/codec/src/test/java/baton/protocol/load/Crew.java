package baton.protocol.load;

import baton.protocol.load.Arguments.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that do the same again and again until jobs, seconds or a file say that it is enough. */
final class Crew {
  /** One turn of a client; it must return, with or without success. */
  interface Turn {
    void take(Crew crew) throws Exception;
  }

  private static final int POLL_MILLIS = 50;

  private final int clients;
  private final AtomicInteger turnsLeft;
  private final long deadlineNanos;
  private final int everyMillis;
  private final Optional<Path> pause;
  private final Optional<Path> stop;

  private Crew(
      int clients,
      int turns,
      long deadlineNanos,
      int everyMillis,
      Optional<Path> pause,
      Optional<Path> stop) {
    this.clients = clients;
    this.turnsLeft = new AtomicInteger(turns);
    this.deadlineNanos = deadlineNanos;
    this.everyMillis = everyMillis;
    this.pause = pause;
    this.stop = stop;
  }

  static Crew of(Arguments arguments) throws UsageException {
    int seconds = arguments.number("seconds", Integer.MAX_VALUE);
    return new Crew(
        arguments.number("clients", 1),
        arguments.number("jobs", Integer.MAX_VALUE),
        System.nanoTime() + seconds * 1_000_000_000L,
        arguments.has("every") ? arguments.number("every", 1) : 0,
        arguments.path("pause"),
        arguments.path("stop"));
  }

  boolean ended() {
    return System.nanoTime() - deadlineNanos > 0 || stop.filter(Files::exists).isPresent();
  }

  void run(Turn turn) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      List<Callable<Void>> members = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        members.add(() -> member(turn));
      }
      for (Future<Void> member : threads.invokeAll(members)) {
        member.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private Void member(Turn turn) throws Exception {
    while (!ended() && turnsLeft.getAndDecrement() > 0) {
      while (!ended() && pause.filter(Files::exists).isPresent()) {
        Thread.sleep(POLL_MILLIS);
      }
      long begun = System.nanoTime();
      turn.take(this);
      long left = everyMillis - (System.nanoTime() - begun) / 1_000_000;
      if (left > 0) {
        Thread.sleep(left);
      }
    }
    return null;
  }
}

package baton.controller.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * What happens when, in virtual time. Everything that happens is an event here, and belongs to a
 * process: what is planned for a process that is stopped waits until it goes on, and dies with it.
 */
final class Timeline {
  /** One life of a process, or a part of the world that never dies. */
  static final class Actor {
    private final String name;
    private final List<Event> held = new ArrayList<>();
    private boolean stopped;
    private boolean dead;

    Actor(String name) {
      this.name = name;
    }

    boolean isDead() {
      return dead;
    }

    boolean isStopped() {
      return stopped;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private record Event(long nanos, long order, Actor process, Runnable work)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(nanos, other.nanos);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Trace trace;
  private long now;
  private long order;
  private long steps;

  Timeline(Trace trace) {
    this.trace = trace;
  }

  /** Nanoseconds since the simulation began. */
  long now() {
    return now;
  }

  long steps() {
    return steps;
  }

  /** Plans something for a process. */
  void after(long nanos, Actor process, Runnable work) {
    events.add(new Event(now + Math.max(0, nanos), order++, process, work));
  }

  /** Lets the next event happen; false when there is none before that time. */
  boolean step(long until) {
    Event next = events.peek();
    if (next == null || next.nanos > until) {
      now = Math.max(now, until);
      return false;
    }
    events.poll();
    if (next.process.dead) {
      return true;
    }
    if (next.process.stopped) {
      next.process.held.add(next);
      return true;
    }
    now = next.nanos;
    steps++;
    trace.step(now, next.order);
    next.work.run();
    return true;
  }

  /** The process does nothing until {@link #goOn}. */
  void stop(Actor process) {
    process.stopped = true;
  }

  /** All that waited happens now, in its order. */
  void goOn(Actor process) {
    process.stopped = false;
    List<Event> waited = List.copyOf(process.held);
    process.held.clear();
    for (Event event : waited) {
      events.add(new Event(now, event.order, process, event.work));
    }
  }

  /** The process is no more. */
  void kill(Actor process) {
    process.dead = true;
    process.held.clear();
  }
}

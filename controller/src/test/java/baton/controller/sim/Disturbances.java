package baton.controller.sim;

import baton.controller.sim.Timeline.Actor;
import java.util.List;

/** What goes wrong, and when: drawn from the seed, and all of it healed at the end. */
final class Disturbances {
  private final Cluster cluster;
  private final Chance chance;
  private final Actor process = new Actor("fate");
  private boolean over;

  Disturbances(Cluster cluster, Chance chance) {
    this.cluster = cluster;
    this.chance = chance;
  }

  /** Lets things go wrong for a time, more or less often. */
  void plan(long within) {
    long mean = chance.pick(List.of(6L, 15L, 40L, 1000L)) * Timeline.SECOND;
    for (long at = chance.between(0, mean); at < within; at += chance.between(0, 2 * mean)) {
      cluster.timeline().after(at, process, this::happen);
    }
  }

  private void later(long seconds, Runnable work) {
    cluster
        .timeline()
        .after(
            seconds * Timeline.SECOND,
            process,
            () -> {
              if (!over) {
                work.run();
              }
            });
  }

  private void happen() {
    int kind = chance.number(0, 99);
    if (kind < 40) {
      controller(chance.pick(cluster.controllers()), kind);
    } else if (kind < 65) {
      node(chance.pick(cluster.nodes()), kind);
    } else {
      network(kind);
    }
  }

  private void controller(ControllerMachine machine, int kind) {
    if (kind < 14) {
      say(machine.name(), "is killed");
      machine.kill(false);
      later(chance.between(0, 20), machine::start);
    } else if (kind < 22) {
      say(machine.name(), "loses its power");
      machine.kill(true);
      later(chance.between(1, 30), machine::start);
    } else if (kind < 26) {
      say("all controllers lose their power");
      for (ControllerMachine each : cluster.controllers()) {
        each.kill(true);
        later(chance.between(1, 20), each::start);
      }
    } else if (machine.life() != null) {
      Actor stopped = machine.life().process();
      long seconds = chance.perMille(150) ? chance.between(60, 200) : chance.between(1, 20);
      say(machine.name(), "is stopped for", seconds, "s");
      cluster.timeline().stop(stopped);
      later(seconds, () -> cluster.timeline().goOn(stopped));
    }
  }

  private void node(Slurmd node, int kind) {
    if (kind < 48) {
      say("slurmd of", node.name(), "dies");
      if (node.listener() != null) {
        node.crash();
        later(chance.between(0, 30), node::start);
      }
    } else if (kind < 56) {
      say(node.name(), "loses its power");
      if (node.listener() != null) {
        node.powerOff();
        later(chance.between(5, 120), node::boot);
      }
    } else if (node.listener() != null) {
      Actor stopped = node.listener();
      say("slurmd of", node.name(), "is stopped");
      cluster.timeline().stop(stopped);
      later(chance.between(1, 60), () -> cluster.timeline().goOn(stopped));
    }
  }

  private void network(int kind) {
    long seconds = chance.between(1, 60);
    if (kind < 77) {
      Network.Faults faults =
          new Network.Faults(
              chance.pick(List.of(0, 50, 300)),
              chance.pick(List.of(0, 50, 300)),
              chance.pick(List.of(0, 50)));
      say("the network is bad:", faults);
      cluster.network().faults(faults);
      later(seconds, () -> cluster.network().faults(Network.Faults.NONE));
    } else if (kind < 90) {
      int host = chance.number(0, cluster.hosts() - 1);
      boolean out = chance.perMille(700);
      boolean in = !out || chance.perMille(600);
      say("host", host, "is cut off", out ? "out" : "", in ? "in" : "");
      isolate(host, out, in, true);
      later(seconds, () -> isolate(host, out, in, false));
    } else {
      int from = chance.number(0, cluster.hosts() - 1);
      int to = chance.number(0, cluster.hosts() - 1);
      say("nothing comes from", from, "to", to);
      cluster.network().cut(from, to, true);
      later(seconds, () -> cluster.network().cut(from, to, false));
    }
  }

  private void isolate(int host, boolean out, boolean in, boolean closed) {
    for (int other = 0; other < cluster.hosts(); other++) {
      if (other != host && out) {
        cluster.network().cut(host, other, closed);
      }
      if (other != host && in) {
        cluster.network().cut(other, host, closed);
      }
    }
  }

  /** Everything is well from now on. */
  void heal() {
    over = true;
    say("all is healed");
    cluster.network().heal();
    for (ControllerMachine machine : cluster.controllers()) {
      machine.start();
      if (machine.life().process().isStopped()) {
        cluster.timeline().goOn(machine.life().process());
      }
    }
    for (Slurmd node : cluster.nodes()) {
      node.boot();
      node.start();
      if (node.listener().isStopped()) {
        cluster.timeline().goOn(node.listener());
      }
    }
  }

  private void say(Object... parts) {
    Object[] all = new Object[parts.length + 1];
    all[0] = "fate:";
    System.arraycopy(parts, 0, all, 1, parts.length);
    cluster.trace().say(all);
  }
}

package baton.controller.sim;

import baton.controller.apply.Delta;
import baton.controller.apply.Reply;
import baton.controller.check.Auditor;
import baton.controller.clock.TimeSource;
import baton.controller.dispatch.ClientChannel;
import baton.controller.dispatch.NodeChannel;
import baton.controller.model.BlobId;
import baton.controller.model.ClusterState;
import baton.controller.replication.ReplicatedState;
import baton.controller.sim.Timeline.Actor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A machine that runs a controller: what outlives the process is its disk, its clock, and its place
 * in the network.
 */
final class ControllerMachine {
  /** What a controller finds around it, the same for each of its lives. */
  interface World {
    ClusterShape shape();

    Timeline timeline();

    Network network();

    Auditor auditor();

    Trace trace();

    /** What is planted. */
    Plant plant();

    /** What entries do to the state, on that machine. */
    ReplicatedState<ClusterState, Reply, Delta> replicated(TimeSource clock);

    List<ControllerMachine> controllers();

    /** The way from a controller to nodes. */
    NodeChannel nodeChannel(ControllerLife from);

    /** The way from a controller to waiting clients. */
    ClientChannel clientChannel(ControllerLife from);
  }

  private final int id;
  private final World world;
  private final Disk disk;
  private final TimeSource clock;
  private final Chance chance;
  private final Map<BlobId, byte[]> blobs = new HashMap<>();
  private int lives;
  private ControllerLife life;

  ControllerMachine(
      int id, World world, Function<Chance, Disk> disk, TimeSource clock, Chance chance) {
    this.id = id;
    this.world = world;
    this.disk = disk.apply(chance.of("disk"));
    this.clock = clock;
    this.chance = chance;
  }

  int id() {
    return id;
  }

  World world() {
    return world;
  }

  Disk disk() {
    return disk;
  }

  TimeSource clock() {
    return clock;
  }

  /** Contents that entries brought; a snapshot that is installed brings those of the leader. */
  Map<BlobId, byte[]> blobs() {
    return blobs;
  }

  static String nameOf(int id) {
    return "c" + (id + 1);
  }

  String name() {
    return nameOf(id);
  }

  /** The controller that runs here; null when none does. */
  ControllerLife life() {
    return life;
  }

  Actor listener() {
    return life == null ? null : life.process();
  }

  void start() {
    if (life == null) {
      lives++;
      life = new ControllerLife(this, new Actor(name()), chance.of("life" + lives));
    }
  }

  /** The process dies; with a power cut the disk forgets what was not synced. */
  void kill(boolean powerCut) {
    if (life != null) {
      world.timeline().kill(life.process());
      life = null;
      if (powerCut) {
        disk.powerCut(chance);
      }
    }
  }
}

package baton.controller.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import baton.controller.replication.DiskSpace.Room;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is kept back of a disk, and for whom. */
final class DiskSpaceTest {
  private static final long MIB = 1L << 20;

  @Test
  void clientsAreRefusedFirstThenNodesThenEverything() {
    assertEquals(Room.ENOUGH, room(256 * MIB, 0));
    assertEquals(Room.SCARCE, room(256 * MIB - 1, 0));
    assertEquals(Room.SCARCE, room(300 * MIB, 30 * MIB));
    assertEquals(Room.ENOUGH, room(316 * MIB, 30 * MIB));
    assertEquals(Room.SCARCE, room(64 * MIB, 30 * MIB));
    assertEquals(Room.TIGHT, room(64 * MIB - 1, 0));
    assertEquals(Room.TIGHT, room(16 * MIB, 30 * MIB));
    assertEquals(Room.NONE, room(16 * MIB - 1, 0));
    assertEquals(Room.ENOUGH, room(Long.MAX_VALUE, MIB));
  }

  @Test
  void theDiskIsNotAskedForEachCommand() {
    AtomicLong asked = new AtomicLong();
    DiskSpace space =
        new DiskSpace(
            Path.of("data"),
            () -> {
              asked.incrementAndGet();
              return 0;
            },
            () -> 0);
    for (int i = 0; i < 1000; i++) {
      assertEquals(Room.NONE, space.room());
    }
    // four times a second at most, and a machine may stall between any two
    assertEquals(true, asked.get() < 500, () -> asked + " times");
  }

  private static Room room(long usable, long snapshot) {
    return new DiskSpace(Path.of("data"), () -> usable, () -> snapshot).room();
  }
}

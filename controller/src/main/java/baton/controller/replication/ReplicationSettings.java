package baton.controller.replication;

import baton.controller.snapshot.BlobStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * How a replica is set up.
 *
 * @param directory where log, snapshots and blobs are; one replica has it for itself
 * @param group the identity of the group, the same on every member
 * @param self the name of this member
 * @param members the names of all members at the group's first start, this one among them; none
 *     when the group takes this member in
 * @param network how members reach each other
 * @param maxOutstanding how many commands may be under way at once
 * @param maxCommandBytes the longest command, in bytes
 * @param snapshotCommands a snapshot is taken after about so many commands
 * @param snapshotsKept how many snapshots are kept, and the log back to the oldest of them; at
 *     least 1
 * @param blobLimits bounds of the blob store
 */
public record ReplicationSettings(
    Path directory,
    UUID group,
    String self,
    List<String> members,
    GroupNetwork network,
    int maxOutstanding,
    int maxCommandBytes,
    long snapshotCommands,
    int snapshotsKept,
    BlobStore.Limits blobLimits) {

  /** The name of a member that was always alone. */
  public static final String ALONE = "0";

  /** After how many commands a snapshot is taken when nothing is said. */
  public static final long SNAPSHOT_COMMANDS = 25_000;

  /** The longest command that can be set: what fits a log entry with its frame. */
  public static final int MAX_COMMAND_BYTES = 64 << 20;

  public ReplicationSettings {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(blobLimits, "blobLimits");
    members = List.copyOf(members);
    if (!members.isEmpty() && !members.contains(self)) {
      throw new IllegalArgumentException(self + " is not among the members " + members);
    }
    requireBetween("maxOutstanding", maxOutstanding, 1, 1 << 20);
    requireBetween("maxCommandBytes", maxCommandBytes, 1, MAX_COMMAND_BYTES);
    requireBetween("snapshotCommands", snapshotCommands, 1, Long.MAX_VALUE);
    requireBetween("snapshotsKept", snapshotsKept, 1, 100);
  }

  /** Returns the identity of the group that a replica of a cluster of that name begins alone. */
  public static UUID groupOf(String cluster) {
    return UUID.nameUUIDFromBytes(("baton:" + cluster).getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the usual settings of a replica that is alone: a group of one, and no network. */
  public static ReplicationSettings alone(Path directory, String group) {
    return new ReplicationSettings(
        directory,
        groupOf(group),
        ALONE,
        List.of(ALONE),
        new InProcessNetwork(),
        4096,
        16 << 20,
        SNAPSHOT_COMMANDS,
        2,
        BlobStore.Limits.DEFAULT);
  }

  /** Returns these settings with another interval of snapshots. */
  public ReplicationSettings withSnapshots(long entries, int kept) {
    return new ReplicationSettings(
        directory,
        group,
        self,
        members,
        network,
        maxOutstanding,
        maxCommandBytes,
        entries,
        kept,
        blobLimits);
  }

  /** Returns these settings with another bound of commands under way. */
  public ReplicationSettings withMaxOutstanding(int commands) {
    return new ReplicationSettings(
        directory,
        group,
        self,
        members,
        network,
        commands,
        maxCommandBytes,
        snapshotCommands,
        snapshotsKept,
        blobLimits);
  }

  /** Returns these settings for one member of several. */
  public ReplicationSettings withMembers(String name, List<String> all, GroupNetwork between) {
    return new ReplicationSettings(
        directory,
        group,
        name,
        all,
        between,
        maxOutstanding,
        maxCommandBytes,
        snapshotCommands,
        snapshotsKept,
        blobLimits);
  }

  /**
   * Returns these settings for a member of a group over a network, with none others yet or more.
   */
  public ReplicationSettings inGroup(
      UUID identity, String name, List<String> founders, GroupNetwork between) {
    return new ReplicationSettings(
        directory,
        identity,
        name,
        founders,
        between,
        maxOutstanding,
        maxCommandBytes,
        snapshotCommands,
        snapshotsKept,
        blobLimits);
  }

  /** Returns where the group's log, snapshots and blobs are, below {@link #directory}. */
  Path groupDirectory() {
    return directory.resolve(group.toString());
  }

  boolean isAlone() {
    return network.isLocal() && members.size() == 1;
  }

  private static void requireBetween(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + ", must be between " + least + " and " + most);
    }
  }
}

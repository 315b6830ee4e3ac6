package baton.controller.replication;

import java.io.File;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Ratis' settings, and why they differ from its defaults. */
final class RatisProperties {

  /** Room in a log entry for what Ratis adds to a frame. */
  private static final int ENTRY_OVERHEAD_BYTES = 4096;

  private static final TimeDuration NEVER = TimeDuration.valueOf(365, TimeUnit.DAYS);

  private RatisProperties() {}

  static RaftGroupId groupId(ReplicationSettings settings) {
    return RaftGroupId.valueOf(settings.group());
  }

  static RaftGroup group(ReplicationSettings settings) {
    return RaftGroup.valueOf(
        groupId(settings),
        settings.members().stream()
            .map(
                name ->
                    RaftPeer.newBuilder()
                        .setId(RaftPeerId.valueOf(name))
                        .setAddress(settings.network().address(name))
                        .build())
            .toList());
  }

  static RaftProperties of(ReplicationSettings settings) {
    RaftProperties properties = new RaftProperties();
    RaftConfigKeys.Rpc.setType(properties, new GroupRpc());
    File directory = settings.directory().toFile();
    RaftServerConfigKeys.setStorageDir(properties, List.of(directory));
    setLog(properties, settings);
    setSnapshots(properties);
    setTimes(properties, settings);
    // An entry is sent again only to another member, which then must know it for as long as a
    // command may wait; a replica that is alone need not remember its answers at all.
    RaftServerConfigKeys.RetryCache.setExpiryTime(
        properties,
        settings.isAlone()
            ? TimeDuration.valueOf(1, TimeUnit.SECONDS)
            : TimeDuration.valueOf(2 * Replicator.MAX_PATIENCE.toSeconds(), TimeUnit.SECONDS));
    // Our own bound refuses first, with a typed answer.
    RaftServerConfigKeys.Write.setElementLimit(properties, 2 * settings.maxOutstanding() + 64);
    RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf("1GB"));
    return properties;
  }

  private static void setLog(RaftProperties properties, ReplicationSettings settings) {
    SizeInBytes entry =
        SizeInBytes.valueOf(
            settings.maxCommandBytes() + LogFrame.MAX_OVERHEAD_BYTES + ENTRY_OVERHEAD_BYTES);
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, entry);
    RaftServerConfigKeys.Log.setWriteBufferSize(
        properties, SizeInBytes.valueOf(entry.getSize() + ENTRY_OVERHEAD_BYTES));
    RaftServerConfigKeys.Log.setQueueElementLimit(properties, 2 * settings.maxOutstanding() + 64);
    RaftServerConfigKeys.Log.setQueueByteLimit(
        properties, SizeInBytes.valueOf(2 * entry.getSize()));
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("16MB"));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
    // One fsync for all that arrived while the last one ran, up to this many.
    RaftServerConfigKeys.Log.setForceSyncNum(properties, 1024);
    // Ratis would log each new commit index as an entry of its own: a second write and fsync for
    // every batch, which only shortens the start of a follower.
    RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
    RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
    // A damaged entry stops the start; a torn tail has been cut by StoredLog before.
    RaftServerConfigKeys.Log.setCorruptionPolicy(
        properties, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
  }

  private static void setSnapshots(RaftProperties properties) {
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
    // Ratis asks after every batch, and SnapshotTaker says when: so the log goes as soon as it may.
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, 1);
    // A snapshot at a clean stop would make that start differ from the one after a crash.
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
    // The index reported is that of the oldest snapshot kept. The log before it goes even when a
    // member
    // that is down has not seen it: that member is sent a snapshot, and the log stays bounded.
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
  }

  private static void setTimes(RaftProperties properties, ReplicationSettings settings) {
    // The machine slept: a replica that closes itself, as Ratis would, helps nobody.
    RaftServerConfigKeys.setCloseThreshold(properties, NEVER);
    if (settings.isAlone()) {
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, millis(1));
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, millis(5));
      RaftServerConfigKeys.Rpc.setTimeoutMin(properties, millis(100));
      RaftServerConfigKeys.Rpc.setTimeoutMax(properties, millis(200));
      RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, NEVER);
    } else {
      // A follower looks once in so long, drawn anew each time: it notices after up to twice that.
      RaftServerConfigKeys.Rpc.setTimeoutMin(properties, millis(200));
      RaftServerConfigKeys.Rpc.setTimeoutMax(properties, millis(500));
      // A newcomer that is sent a snapshot says nothing for as long as that takes; Ratis would give
      // it up after an election time.
      RaftServerConfigKeys.setStagingTimeout(
          properties, TimeDuration.valueOf(20, TimeUnit.SECONDS));
      // Who lost the lead may be the only one left whose log is whole: it must not wait for long.
      RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, millis(600));
    }
  }

  private static TimeDuration millis(long count) {
    return TimeDuration.valueOf(count, TimeUnit.MILLISECONDS);
  }
}

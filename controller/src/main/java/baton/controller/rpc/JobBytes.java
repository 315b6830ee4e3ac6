package baton.controller.rpc;

import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.JobState;
import baton.controller.model.Partition;
import baton.controller.query.Asker;
import baton.controller.query.JobAnswers;
import baton.protocol.buffer.WireWriter;
import baton.protocol.net.EncodedBody;
import baton.protocol.type.Bytes;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import baton.protocol.wire.JobInfoCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Jobs as they go over the wire, each kept until it changes, so that squeue on many jobs copies
 * bytes. What is kept is bounded: when it has grown too large all of it is dropped. Any thread.
 */
final class JobBytes {
  private static final int JOB_BYTES = 1024;

  private final long maxBytes;
  private final Map<Key, Kept> kept = new ConcurrentHashMap<>();
  private final AtomicLong keptBytes = new AtomicLong();

  private record Key(JobId job, Release release, int showFlags) {}

  /** Good for as long as all that the record was made from is the same. */
  private record Kept(Job job, Partition partition, ClusterConfig config, Bytes bytes) {}

  JobBytes(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** True if an answer with these jobs is good for no longer than the second it is made in. */
  static boolean dependsOnTime(List<Job> jobs, Asker asker) {
    for (Job job : jobs) {
      if (job.state() == JobState.PENDING && dependsOnTime(job, asker)) {
        return true;
      }
    }
    return false;
  }

  /**
   * RESPONSE_JOB_INFO with these jobs.
   *
   * @param lastPlan when the scheduler last ran; null if it did not yet
   */
  EncodedBody response(ClusterState state, Asker asker, List<Job> jobs, Instant lastPlan) {
    List<Bytes> parts = new ArrayList<>(jobs.size() + 1);
    ByteBuffer head = ByteBuffer.allocate(Integer.BYTES + 2 * Long.BYTES);
    head.putInt(jobs.size())
        .putLong(state.facts().now().getEpochSecond())
        .putLong(lastPlan == null ? 0 : lastPlan.getEpochSecond());
    parts.add(Bytes.owning(head.array()));
    for (Job job : jobs) {
      parts.add(bytes(state, asker, job));
    }
    return new EncodedBody(parts);
  }

  @SuppressWarnings("ReferenceEquality") // immutable: another reference is enough to encode anew
  private Bytes bytes(ClusterState state, Asker asker, Job job) {
    if (job.state() == JobState.PENDING && dependsOnTime(job, asker)) {
      return encode(state, asker, job);
    }
    Partition partition = state.partitions().get(job.partition()).orElse(null);
    Key key = new Key(job.id(), asker.release(), asker.showFlags());
    Kept known = kept.get(key);
    if (known != null
        && known.job() == job
        && known.partition() == partition
        && known.config() == state.config()) {
      return known.bytes();
    }
    Bytes made = encode(state, asker, job);
    Kept replaced = kept.put(key, new Kept(job, partition, state.config(), made));
    long more = (long) made.length() - (replaced == null ? 0 : replaced.bytes().length());
    if (keptBytes.addAndGet(more) > maxBytes) {
      kept.clear();
      keptBytes.set(0);
    }
    return made;
  }

  /** An expected start that has passed is shown as now. */
  private static boolean dependsOnTime(Job job, Asker asker) {
    return job.expectedStart() != null
        || (job.eligibleTime() != null && job.eligibleTime().isAfter(asker.now()));
  }

  private static Bytes encode(ClusterState state, Asker asker, Job job) {
    ByteBuf buffer = Unpooled.buffer(JOB_BYTES);
    JobInfoCodec.encode(
        JobAnswers.view(state, job, asker), new WireWriter(buffer), asker.release());
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return Bytes.owning(bytes);
  }
}

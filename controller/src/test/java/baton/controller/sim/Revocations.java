package baton.controller.sim;

import baton.protocol.type.JobId;
import java.util.HashMap;
import java.util.Map;

/** What a slurmd remembers of revoked credentials; on its disk (docs/engineer/slurmd-behaviour). */
final class Revocations {
  private static final class Entry {
    private long revoked;
    private boolean expiring;
    private long expiresNanos;
  }

  private final long lifetimeNanos;
  private final Map<JobId, Entry> entries = new HashMap<>();

  Revocations(long lifetimeNanos) {
    this.lifetimeNanos = lifetimeNanos;
  }

  /**
   * Whether a credential of that time is refused; one that is younger than the revocation lifts it.
   */
  boolean refuses(JobId jobId, long creationTime, long now) {
    Entry entry = at(jobId, now);
    if (entry == null || entry.revoked == 0) {
      return false;
    }
    if (entry.revoked < creationTime) {
      entry.revoked = 0;
      entry.expiring = false;
      return false;
    }
    return true;
  }

  /** Whether it was revoked since it was taken. */
  boolean isRevoked(JobId jobId, long creationTime, long now) {
    Entry entry = at(jobId, now);
    return entry != null && entry.revoked != 0 && creationTime <= entry.revoked;
  }

  void revoke(JobId jobId, long time, long startTime, long now) {
    Entry entry = at(jobId, now);
    if (entry == null) {
      entry = new Entry();
      entries.put(jobId, entry);
    }
    if (entry.revoked == 0 || (startTime != 0 && entry.revoked < startTime)) {
      entry.revoked = time;
    }
  }

  /** The job is over here; false when it was before. */
  boolean beginExpiry(JobId jobId, long now) {
    Entry entry = at(jobId, now);
    if (entry == null || entry.expiring) {
      return false;
    }
    entry.expiring = true;
    entry.expiresNanos = now + lifetimeNanos;
    return true;
  }

  private Entry at(JobId jobId, long now) {
    Entry entry = entries.get(jobId);
    if (entry != null && entry.expiring && entry.expiresNanos <= now) {
      entries.remove(jobId);
      return null;
    }
    return entry;
  }
}

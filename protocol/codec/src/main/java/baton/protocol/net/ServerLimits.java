package baton.protocol.net;

import java.time.Duration;

/**
 * What a server bears.
 *
 * @param maxFrameBytes longest message; Slurm's own limit is 1 GiB
 * @param maxBytesInFlight what all connections together hold of requests
 * @param maxConnections open connections; more wait in the kernel's backlog, unnoticed by clients
 * @param maxConnectionsPerAddress open connections from one address; more are closed at once
 * @param maxRequestsPerUid requests of one user being handled; more are told to back off
 * @param idleTimeout how long a request may make no progress while it arrives
 * @param frameTimeout how long a request may take to arrive
 * @param handlerTimeout how long an answer may take
 * @param writeTimeout how long a peer may take to read an answer
 */
public record ServerLimits(
    int maxFrameBytes,
    long maxBytesInFlight,
    int maxConnections,
    int maxConnectionsPerAddress,
    int maxRequestsPerUid,
    Duration idleTimeout,
    Duration frameTimeout,
    Duration handlerTimeout,
    Duration writeTimeout) {
  /** For a controller with 2 GiB of memory. */
  public static final ServerLimits DEFAULT =
      new ServerLimits(
          64 << 20,
          256L << 20,
          8192,
          2048,
          512,
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofMinutes(5),
          Duration.ofSeconds(60));
}

package baton.controller.main;

import baton.controller.conf.SlurmConf;
import baton.controller.replication.peer.Trust;
import baton.protocol.auth.AuthInfo;
import baton.protocol.auth.MungeDecoded;
import baton.protocol.auth.MungeEncoded;
import baton.protocol.auth.MungePool;
import baton.protocol.type.Bytes;
import baton.protocol.type.Release;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Controllers and commands know each other by munge, as all of a Slurm cluster do. Thread-safe. */
public final class MungeTrust implements Trust, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int MOST_WAITING = 64;

  private final MungePool munge;
  private final long slurmUser;

  /**
   * @param slurmUser the user that controllers run as
   */
  public MungeTrust(AuthInfo authInfo, long slurmUser) {
    this.munge = new MungePool(new MungePool.Settings(authInfo, 1, MOST_WAITING, PATIENCE));
    this.slurmUser = slurmUser;
  }

  /**
   * Reads slurm.conf for how munge is reached, and as whom controllers run.
   *
   * @throws StartRefused when it cannot be used, with its faults by file and line
   */
  public static MungeTrust of(Path slurmConf, Release release) throws StartRefused {
    SlurmConf conf = LoadedConfiguration.quietly(slurmConf, release);
    String authInfo = conf.authInfo() == null ? "" : conf.authInfo();
    return new MungeTrust(
        AuthInfo.parse(authInfo, System.getenv()), conf.slurmUser().uid().value());
  }

  @Override
  public String seal(byte[] payload, long reader) throws IOException {
    MungeEncoded encoded = get(munge.encode(Bytes.of(payload), reader));
    if (!encoded.succeeded()) {
      throw new IOException("munge seals nothing: " + encoded.status() + " " + encoded.detail());
    }
    return encoded.credential();
  }

  @Override
  public Opened open(String sealed) throws IOException {
    MungeDecoded decoded = get(munge.decode(sealed));
    if (!decoded.succeeded()) {
      throw new IOException(
          "munge does not vouch for it: " + decoded.status() + " " + decoded.detail());
    }
    return new Opened(decoded.uid(), decoded.payload().toByteArray());
  }

  private static <T> T get(CompletionStage<T> stage) throws IOException {
    try {
      return stage.toCompletableFuture().get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("munge does not answer", e);
    }
  }

  @Override
  public long slurmUser() {
    return slurmUser;
  }

  @Override
  public void close() {
    munge.close();
  }
}

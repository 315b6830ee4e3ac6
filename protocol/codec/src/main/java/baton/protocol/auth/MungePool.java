package baton.protocol.auth;

import baton.protocol.type.Bytes;
import com.sun.security.auth.module.UnixSystem;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Talks to munged from threads of its own, each with its own munge_ctx, since every call blocks.
 *
 * <p>At most {@code threads} requests are with munged and {@code queueLength} wait; one more is
 * answered {@link MungeStatus#BUSY} at once. A munged that cannot be reached is tried again until
 * {@code patience} has passed, as Slurm does, because a busy munged refuses connections. Any thread
 * may call; results arrive on a thread of the pool, where requests are handled, too, but nothing
 * may wait.
 */
public final class MungePool implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int LEAST_THREADS = 4;
  private static final int MOST_THREADS = 64;

  /**
   * How large the pool is and whom it asks.
   *
   * @param authInfo socket and life of credentials
   * @param threads requests with munged at a time, 1 to 64
   * @param queueLength requests that may wait, at least 1
   * @param patience how long an unreachable munged is tried
   */
  public record Settings(AuthInfo authInfo, int threads, int queueLength, Duration patience) {
    public Settings {
      if (threads < 1 || threads > MOST_THREADS || queueLength < 1) {
        throw new IllegalArgumentException(threads + " threads, queue of " + queueLength);
      }
    }

    /**
     * What suits a controller, whose requests are handled on these threads too: munged itself
     * serves few requests at a time.
     */
    public static Settings of(AuthInfo authInfo) {
      int processors = Runtime.getRuntime().availableProcessors();
      int threads = Math.min(MOST_THREADS, Math.max(LEAST_THREADS, processors));
      return new Settings(authInfo, threads, 4096, Duration.ofSeconds(2));
    }
  }

  private final Settings settings;
  private final Workers workers;

  public MungePool(Settings settings) {
    this.settings = settings;
    LibMunge.load();
    AtomicInteger number = new AtomicInteger();
    this.workers =
        new Workers(
            settings.threads(),
            settings.queueLength(),
            work -> new MungeThread(work, number.incrementAndGet()));
  }

  /** A thread of the pool with the context that only it uses. */
  private final class MungeThread extends Thread {
    private MungeContext context;

    MungePool pool() {
      return MungePool.this;
    }

    MungeThread(Runnable work, int number) {
      super(work, "munge-" + number);
      setDaemon(true);
    }

    @Override
    public void run() {
      AuthInfo authInfo = settings.authInfo();
      try (MungeContext own = new MungeContext(authInfo.socket(), authInfo.ttlSeconds())) {
        context = own;
        super.run();
      }
    }
  }

  /**
   * Seals a payload.
   *
   * @param payload at most munged's limit (1 MiB by default)
   * @param restrictToUid the only user that may decode it, or {@link MungeDecoded#ANYONE}
   */
  public CompletionStage<MungeEncoded> encode(Bytes payload, long restrictToUid) {
    return submit(
        () -> MungeEncoded.failed(MungeStatus.BUSY, "too many requests wait for munged"),
        own -> encodePatiently(own, payload, restrictToUid));
  }

  /** Asks munged about a credential. A second decode of the same one is a replay. */
  public CompletionStage<MungeDecoded> decode(String credential) {
    return submit(
        () -> MungeDecoded.failed(MungeStatus.BUSY, "too many requests wait for munged"),
        own -> decodePatiently(own, credential));
  }

  /**
   * Whether munged keeps a credential from users it was not made for. A munged built to let root
   * decode everything would let any daemon's credential be used by another; do not serve with one.
   */
  public CompletionStage<Boolean> restrictionsHold() {
    long someoneElse = new UnixSystem().getUid() + 1;
    return submit(
        () -> false,
        own -> {
          MungeEncoded encoded = encodePatiently(own, Bytes.EMPTY, someoneElse);
          return encoded.succeeded()
              && own.decode(encoded.credential()).status() == MungeStatus.UNAUTHORIZED;
        });
  }

  /** Requests that wait now; a gauge for metrics. */
  public int waiting() {
    return workers.waiting();
  }

  /**
   * Runs something on a thread of the pool, for those who would ask munged next: from there that
   * costs no change of threads. Fails with {@link RejectedExecutionException} when there is no
   * room.
   */
  public void execute(Runnable work) {
    workers.execute(work);
  }

  /**
   * Runs on a thread of the pool, at once when it is called on one; {@code busy} gives the answer
   * when there is no room.
   */
  <T> CompletionStage<T> submit(Supplier<T> busy, Function<MungeContext, T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    if (Thread.currentThread() instanceof MungeThread self && self.pool() == this) {
      // between two pieces of work: the context is not in use
      try {
        result.complete(work.apply(self.context));
      } catch (RuntimeException | Error broken) {
        result.completeExceptionally(broken);
      }
      return result;
    }
    try {
      workers.execute(
          () -> {
            try {
              MungeThread self = (MungeThread) Thread.currentThread();
              result.complete(work.apply(self.context));
            } catch (RuntimeException | Error broken) {
              result.completeExceptionally(broken);
            }
          });
    } catch (RejectedExecutionException full) {
      result.complete(busy.get());
    }
    return result;
  }

  MungeEncoded encodePatiently(MungeContext own, Bytes payload, long restrictToUid) {
    long start = System.nanoTime();
    MungeEncoded encoded = own.encode(payload, restrictToUid);
    while (encoded.status() == MungeStatus.SOCKET_DOWN && pause(start)) {
      encoded = own.encode(payload, restrictToUid);
    }
    return encoded;
  }

  MungeDecoded decodePatiently(MungeContext own, String credential) {
    long start = System.nanoTime();
    MungeDecoded decoded = own.decode(credential);
    while (decoded.status() == MungeStatus.SOCKET_DOWN && pause(start)) {
      decoded = own.decode(credential);
    }
    return decoded;
  }

  private boolean pause(long start) {
    if (System.nanoTime() - start > settings.patience().toNanos()) {
      return false;
    }
    try {
      Thread.sleep(PAUSE.toMillis());
      return true;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Finishes what was begun, answers what waits, and frees the contexts; at most 5 s. */
  @Override
  public void close() {
    workers.close(Duration.ofSeconds(5));
  }
}

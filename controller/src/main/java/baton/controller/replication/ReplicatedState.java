package baton.controller.replication;

import baton.controller.model.BlobId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * What is replicated: an immutable state, how a command changes it, and how it looks in a snapshot.
 *
 * <p>All methods are pure and deterministic: every replica calls them with equal arguments and must
 * get equal results, down to the bytes of {@link #write}. {@link #apply} is called from one thread
 * at a time, the others from any.
 *
 * @param <S> the state, immutable
 * @param <R> what the submitter of a command is answered
 * @param <D> what changed, for those who follow the state
 */
public interface ReplicatedState<S, R, D> {

  /** Returns the state before the first command. */
  S initial();

  /**
   * Applies a committed command. What a client did wrong is a reply. An exception is a broken
   * invariant, or bytes that no encoder wrote: it stops this replica.
   *
   * @param command what was submitted, not to be changed
   */
  Applied<S, R, D> apply(S state, byte[] command);

  /** Writes {@code state}, without closing {@code out}. Equal states give equal bytes. */
  void write(S state, OutputStream out) throws IOException;

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException when the bytes are not a state
   */
  S read(InputStream in) throws IOException;

  /** Returns every blob that {@code state} names; repeats do no harm. */
  Iterable<BlobId> blobs(S state);
}

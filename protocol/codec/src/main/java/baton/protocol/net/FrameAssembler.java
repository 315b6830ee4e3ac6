package baton.protocol.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Puts the frames of one connection together: u32 length, then that many bytes.
 *
 * <p>The length is checked before anything is allocated, and the buffer grows with the bytes that
 * arrive, not with the length announced: a peer must send what it wants us to hold. A frame that
 * arrives in one read is not copied. Used on the connection's event loop only.
 */
final class FrameAssembler {
  private static final int LENGTH_BYTES = 4;
  private static final int SMALLEST_BUFFER = 512;

  /** What became of the bytes added. */
  enum State {
    INCOMPLETE,
    COMPLETE,
    /** The length is beyond the limit, or 0. */
    BAD_LENGTH,
    /** All connections together hold too much. */
    NO_ROOM
  }

  private final ByteBufAllocator allocator;
  private final int maxFrameBytes;
  private final ByteBudget budget;
  private ByteBuf pending;
  private long reserved;

  FrameAssembler(ByteBufAllocator allocator, int maxFrameBytes, ByteBudget budget) {
    this.allocator = allocator;
    this.maxFrameBytes = maxFrameBytes;
    this.budget = budget;
  }

  /** Takes the buffer over. */
  State add(ByteBuf in) {
    int bytes = in.readableBytes();
    if (!budget.tryReserve(bytes)) {
      in.release();
      return State.NO_ROOM;
    }
    reserved += bytes;
    if (pending == null) {
      pending = in;
    } else {
      makeRoom(bytes);
      pending.writeBytes(in);
      in.release();
    }
    return state();
  }

  // doubles up to the end of the frame, so that holding n bytes never takes more than 2n
  private void makeRoom(int bytes) {
    if (pending.refCnt() == 1 && pending.writableBytes() >= bytes) {
      return;
    }
    long needed = (long) pending.readableBytes() + bytes;
    long capacity = Math.max(needed, Math.max(SMALLEST_BUFFER, 2L * pending.readableBytes()));
    if (pending.readableBytes() >= LENGTH_BYTES) {
      long whole = LENGTH_BYTES + pending.getUnsignedInt(pending.readerIndex());
      capacity = Math.max(needed, Math.min(capacity, whole));
    }
    ByteBuf larger = allocator.buffer((int) Math.min(capacity, Integer.MAX_VALUE));
    larger.writeBytes(pending);
    pending.release();
    pending = larger;
  }

  private State state() {
    if (pending.readableBytes() < LENGTH_BYTES) {
      return State.INCOMPLETE;
    }
    long length = pending.getUnsignedInt(pending.readerIndex());
    if (length == 0 || length > maxFrameBytes) {
      return State.BAD_LENGTH;
    }
    return pending.readableBytes() < LENGTH_BYTES + length ? State.INCOMPLETE : State.COMPLETE;
  }

  /** Whether anything of a frame has arrived. */
  boolean begun() {
    return pending != null;
  }

  /** The complete frame without its length, a retained slice for the caller to release. */
  ByteBuf take() {
    int length = (int) pending.readUnsignedInt();
    return pending.readRetainedSlice(length);
  }

  /** The complete frame with all that is held here. */
  HeldFrame handOver() {
    int length = (int) pending.readUnsignedInt();
    HeldFrame frame = new HeldFrame(pending, pending.readSlice(length), budget, reserved);
    pending = null;
    reserved = 0;
    return frame;
  }

  /** Gives back all that is held here; what was taken stays with its taker. */
  void release() {
    if (pending != null) {
      pending.release();
      pending = null;
    }
    budget.release(reserved);
    reserved = 0;
  }
}

package baton.protocol.net;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A frame that arrived whole, with the memory that it holds and its share of the budget. Whoever
 * has it releases it; a second time does nothing. Any thread.
 */
final class HeldFrame {
  private final ByteBuf memory;
  private final ByteBuf bytes;
  private final ByteBudget budget;
  private final long reserved;
  private final AtomicBoolean released = new AtomicBoolean();

  /**
   * @param memory taken over, with all that arrived
   * @param bytes the part of it that is the frame, without its length
   * @param reserved bytes of the budget
   */
  HeldFrame(ByteBuf memory, ByteBuf bytes, ByteBudget budget, long reserved) {
    this.memory = memory;
    this.bytes = bytes;
    this.budget = budget;
    this.reserved = reserved;
  }

  /** Valid until the release. */
  ByteBuf bytes() {
    return bytes;
  }

  void release() {
    if (released.compareAndSet(false, true)) {
      memory.release();
      budget.release(reserved);
    }
  }
}

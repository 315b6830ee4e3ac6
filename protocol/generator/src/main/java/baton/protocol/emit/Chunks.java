package baton.protocol.emit;

import java.util.ArrayList;
import java.util.List;

/**
 * Parts long lists, so that no generated method comes near 8,000 bytes of bytecode: HotSpot would
 * never compile it.
 */
final class Chunks {

  /** Entries of a layout in one method: at most about 60 bytes of bytecode each. */
  static final int SIZE = 40;

  private Chunks() {}

  static <T> List<List<T>> of(List<T> all) {
    List<List<T>> chunks = new ArrayList<>();
    for (int start = 0; start < all.size(); start += SIZE) {
      chunks.add(all.subList(start, Math.min(all.size(), start + SIZE)));
    }
    return chunks;
  }
}

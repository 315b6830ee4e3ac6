package baton.protocol.schema;

import java.util.HashMap;
import java.util.Map;

/** The least number of bytes that a type can take, in whichever release takes least. */
public final class WireSize {

  private final Map<String, Layout> layouts;
  private final Releases releases;
  private final Map<String, Integer> known = new HashMap<>();

  public WireSize(Schema schema) {
    this.layouts = schema.byName();
    this.releases = schema.releases();
  }

  public int least(WireType type) {
    if (type instanceof WireType.Scalar scalar) {
      return scalar.bytes();
    }
    if (type instanceof WireType.Struct struct) {
      return least(struct.layout());
    }
    if (type instanceof WireType.Many many) {
      return switch (many.count()) {
        case ARRAY, LIST -> 4;
        case ARRAY16, MARKED -> 2;
        case EXPRESSION -> 0;
      };
    }
    return 4; // each of the others opens with a u32 length or size
  }

  private int least(String layout) {
    Integer before = known.get(layout);
    if (before != null) {
      return before;
    }
    long least = Long.MAX_VALUE;
    for (int release = 0; release < releases.count(); release++) {
      if (layouts.get(layout).releases().contains(release)) {
        least = Math.min(least, least(layouts.get(layout), release));
      }
    }
    int size = (int) Math.min(least, Integer.MAX_VALUE / 2);
    known.put(layout, size);
    return size;
  }

  private long least(Layout layout, int release) {
    long sum = 0;
    for (Field field : layout.fields()) {
      if (field.releases().contains(release) && field.when() == null) {
        sum += least(field.type());
      }
    }
    return sum;
  }
}

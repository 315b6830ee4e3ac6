package baton.protocol.schema;

import baton.protocol.schema.WireType.Scalar;
import java.util.List;

/**
 * What a layout's value has under one name, over all releases.
 *
 * @param entries where it stands, in the order of the layout; at least one
 * @param type wide enough for every entry
 * @param nullable whether it may be null
 * @param defaultValue never null
 * @param older never null
 */
public record Property(
    String name,
    List<Field> entries,
    ValueType type,
    boolean nullable,
    DefaultValue defaultValue,
    Field.Older older) {

  /** Merges the entries of one name. Fails with IllegalArgumentException when they disagree. */
  static Property of(List<Field> given) {
    String as = null;
    DefaultValue defaultValue = null;
    int defaultWidth = -1;
    Field.Older older = null;
    for (Field entry : given) {
      as = agree("as", as, entry.as());
      older = agree("older", older, entry.older());
      if (entry.defaultValue() != null) {
        if (defaultValue != null && !defaultValue.agrees(entry.defaultValue())) {
          throw new IllegalArgumentException("entries disagree about \"default\"");
        }
        if (integerBytes(entry) > defaultWidth) {
          defaultValue = entry.defaultValue();
          defaultWidth = integerBytes(entry);
        }
      }
    }
    ValueType type = null;
    boolean nullable = false;
    for (Field entry : given) {
      ValueType own = ValueType.of(entry.type(), as);
      type = type == null ? own : type.widen(own);
      nullable |= isNullable(entry, own);
    }
    return new Property(
        given.get(0).name(),
        List.copyOf(given),
        type,
        nullable,
        defaultValue == null ? new DefaultValue.Zero() : defaultValue,
        older == null ? Field.Older.DROP : older);
  }

  private static <T> T agree(String key, T before, T now) {
    if (before != null && now != null && !before.equals(now)) {
      throw new IllegalArgumentException("entries disagree about \"" + key + "\"");
    }
    return before == null ? now : before;
  }

  private static boolean isNullable(Field entry, ValueType type) {
    if (entry.type() instanceof WireType.Many many) {
      return many.count() == WireType.Count.LIST;
    }
    return entry.type() instanceof WireType.Text
        || entry.type() instanceof WireType.Block
        || entry.type() instanceof WireType.Bits
        || entry.type() instanceof WireType.Sized
        || type == ValueType.Plain.INSTANT;
  }

  private static int integerBytes(Field entry) {
    return entry.type() instanceof Scalar scalar && scalar.isInteger() ? scalar.bytes() : 0;
  }

  /** The width of its widest entry, for integers; else 0. */
  public int widestBytes() {
    return entries.stream().mapToInt(Property::integerBytes).max().orElse(0);
  }

  /** Whether NO_VAL and INFINITE of narrower entries are read as those of the widest. */
  public boolean sentinels() {
    return entries.stream().anyMatch(Field::sentinels);
  }

  public String doc() {
    return entries.get(0).doc();
  }

  /** The releases in which it stands anywhere. */
  public ReleaseSet releases() {
    return entries.stream().map(Field::releases).reduce(new ReleaseSet(0), ReleaseSet::or);
  }
}

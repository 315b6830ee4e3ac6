package baton.protocol.schema;

/**
 * One entry of a layout: a property at one place, in one type, in some releases.
 *
 * @param releases where the entry stands, within those of the layout
 * @param when null if it always stands there
 * @param doc empty if not given
 * @param defaultValue null if not given
 * @param older null if not given
 * @param as simple or full name of the class that wraps the value; null if none
 * @param sentinels whether NO_VAL and INFINITE of a narrower width are read as those of the widest
 */
public record Field(
    String name,
    WireType type,
    ReleaseSet releases,
    Condition when,
    String doc,
    DefaultValue defaultValue,
    Older older,
    String as,
    boolean sentinels) {

  /** What to do with a value that the release spoken has no place for. */
  public enum Older {
    DROP,
    REFUSE
  }
}

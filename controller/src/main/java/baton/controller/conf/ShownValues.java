package baton.controller.conf;

import baton.protocol.type.Release;
import java.util.List;

/** Values as slurmctld of one release shows them. */
final class ShownValues {
  private final ConfValues values;
  private final Release release;

  ShownValues(ConfValues values, Release release) {
    this.values = values;
    this.release = release;
  }

  String text(String key) {
    return values.text(key, release);
  }

  /** The name of a plugin. Since 23.11 those that do nothing have none. */
  String plugin(String key) {
    String name = text(key);
    return release.atLeast(Release.V23_11) && Words.contains(name, "none") ? null : name;
  }

  int u16(String key) {
    return (int) values.number(key, release);
  }

  long u32(String key) {
    return values.number(key, release);
  }

  long u64(String key) {
    return values.number(key, release);
  }

  /** A key that may stand several times since 24.05; before, the last one counts. */
  List<String> list(String key) {
    return release.atLeast(Release.V24_05) ? values.list(key) : List.of();
  }

  boolean isSet(String key) {
    return values.isSet(key);
  }
}

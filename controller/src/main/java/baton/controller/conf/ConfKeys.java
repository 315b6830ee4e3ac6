package baton.controller.conf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * All keys of slurm.conf from 22.05 to 26.05. Immutable; the table stands in {@code
 * slurm-conf-keys.tsv} beside this class, and docs/reference/slurm-conf-keys.md is printed from it.
 */
public final class ConfKeys {
  private static final String TABLE = "slurm-conf-keys.tsv";
  private static final int COLUMNS = 7;
  private static final ConfKeys KEYS = load();

  private final List<ConfKey> all;
  private final Map<String, ConfKey> byName;

  private ConfKeys(List<ConfKey> all) {
    this.all = Collections.unmodifiableList(all);
    this.byName = new HashMap<>();
    for (ConfKey key : all) {
      if (byName.put(mapKey(key.section(), key.name()), key) != null) {
        throw new IllegalStateException(TABLE + ": " + key.name() + " stands twice");
      }
    }
  }

  public static ConfKeys get() {
    return KEYS;
  }

  /** In the order of the table. */
  public List<ConfKey> all() {
    return all;
  }

  /** The key of that name, case aside. */
  public Optional<ConfKey> find(ConfSection section, String name) {
    return Optional.ofNullable(byName.get(mapKey(section, name)));
  }

  private static String mapKey(ConfSection section, String name) {
    return section.label() + "." + name.toLowerCase(Locale.ROOT);
  }

  private static ConfKeys load() {
    List<ConfKey> keys = new ArrayList<>();
    try (InputStream in = ConfKeys.class.getResourceAsStream(TABLE);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.startsWith("#") && !line.isEmpty()) {
          keys.add(key(line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(TABLE, e);
    }
    return new ConfKeys(keys);
  }

  private static ConfKey key(String line) {
    String[] column = line.split("\t", -1);
    if (column.length != COLUMNS) {
      throw new IllegalStateException(TABLE + ": not " + COLUMNS + " columns: " + line);
    }
    return new ConfKey(
        ConfSection.ofLabel(column[0]).orElseThrow(),
        column[1],
        column[2],
        ConfKey.Type.valueOf(column[3].toUpperCase(Locale.ROOT)),
        column[4],
        ConfKey.Status.valueOf(column[5].toUpperCase(Locale.ROOT).replace('-', '_')),
        column[6]);
  }
}

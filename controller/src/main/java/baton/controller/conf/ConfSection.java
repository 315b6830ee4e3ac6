package baton.controller.conf;

import java.util.Optional;

/** The kinds of lines in slurm.conf, each with keys of its own. */
public enum ConfSection {
  TOP("top", ""),
  NODE("node", "NodeName"),
  PARTITION("partition", "PartitionName"),
  DOWN_NODES("downnodes", "DownNodes"),
  NODE_SET("nodeset", "NodeSet"),
  FRONTEND("frontend", "FrontendName");

  private final String label;
  private final String firstKey;

  ConfSection(String label, String firstKey) {
    this.label = label;
    this.firstKey = firstKey;
  }

  /** The name in slurm-conf-keys.tsv. */
  public String label() {
    return label;
  }

  /** The key that opens such a line; empty for {@link #TOP}. */
  public String firstKey() {
    return firstKey;
  }

  static Optional<ConfSection> ofLabel(String label) {
    for (ConfSection section : values()) {
      if (section.label.equals(label)) {
        return Optional.of(section);
      }
    }
    return Optional.empty();
  }

  /** The kind of line that this key opens; {@link #TOP} for all other keys. */
  static ConfSection openedBy(String key) {
    for (ConfSection section : values()) {
      if (section != TOP && section.firstKey.equalsIgnoreCase(key)) {
        return section;
      }
    }
    return TOP;
  }
}

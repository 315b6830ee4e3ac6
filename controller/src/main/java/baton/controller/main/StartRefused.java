package baton.controller.main;

import java.util.List;

/** A controller cannot start with what it was given. The lines say why, for the administrator. */
public final class StartRefused extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean wrongConfiguration;
  private final List<String> lines;

  StartRefused(boolean wrongConfiguration, List<String> lines) {
    super(String.join("\n", lines));
    this.wrongConfiguration = wrongConfiguration;
    this.lines = List.copyOf(lines);
  }

  /** True when a configuration file or an option is at fault. */
  public boolean isWrongConfiguration() {
    return wrongConfiguration;
  }

  public List<String> lines() {
    return lines;
  }
}

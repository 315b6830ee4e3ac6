package baton.protocol.auth;

import java.util.Optional;

/** The ways to authenticate; the id opens the auth section of a message. */
public enum AuthPlugin {
  NONE(100),
  MUNGE(101),
  JWT(102),
  SLURM(103);

  private final int id;

  AuthPlugin(int id) {
    this.id = id;
  }

  public int id() {
    return id;
  }

  public static Optional<AuthPlugin> of(long id) {
    for (AuthPlugin plugin : values()) {
      if (plugin.id == id) {
        return Optional.of(plugin);
      }
    }
    return Optional.empty();
  }
}

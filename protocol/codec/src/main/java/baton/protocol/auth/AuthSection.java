package baton.protocol.auth;

import baton.protocol.buffer.WireReader;
import baton.protocol.buffer.WireWriter;
import java.util.Objects;
import java.util.Optional;

/**
 * The auth section of a message: who vouches, and the proof.
 *
 * <p>On the wire: u32 plugin id, then the plugin's part: for munge and slurm the token, for jwt the
 * token and the user that it speaks for. The same from 22.05 to 26.05 (src/interfaces/auth.c,
 * src/plugins/auth/).
 *
 * @param plugin the way of authentication
 * @param token the proof: a munge credential or a JSON web token, ASCII; never null
 * @param user the user a JSON web token speaks for, when it says so apart from the token
 */
public record AuthSection(AuthPlugin plugin, String token, Optional<String> user)
    implements SealOutcome {
  /** Ten times what munge or a token needs. */
  private static final int MAX_TOKEN_BYTES = 1 << 16;

  private static final int MAX_USER_BYTES = 1 << 10;

  public AuthSection {
    Objects.requireNonNull(plugin, "plugin");
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(user, "user");
  }

  public static AuthSection munge(String credential) {
    return new AuthSection(AuthPlugin.MUNGE, credential, Optional.empty());
  }

  /**
   * Reads a section; fails with WireException on bytes that are none.
   *
   * @return empty for a plugin that we cannot read, and then nothing says where the section ends
   */
  public static Optional<AuthSection> decode(WireReader in) {
    Optional<AuthPlugin> plugin = AuthPlugin.of(in.u32("auth.plugin"));
    if (plugin.isEmpty() || plugin.get() == AuthPlugin.NONE) {
      return Optional.empty();
    }
    String token = in.string("auth.token", MAX_TOKEN_BYTES);
    String user = plugin.get() == AuthPlugin.JWT ? in.string("auth.user", MAX_USER_BYTES) : null;
    return Optional.of(
        new AuthSection(plugin.get(), token == null ? "" : token, Optional.ofNullable(user)));
  }

  /** Writes the section. */
  public void encode(WireWriter out) {
    out.u32("auth.plugin", plugin.id());
    out.string("auth.token", token, MAX_TOKEN_BYTES);
    if (plugin == AuthPlugin.JWT) {
      out.string("auth.user", user.orElse(null), MAX_USER_BYTES);
    }
  }

  /** Tells no secret. */
  @Override
  public String toString() {
    return plugin + " section of " + token.length() + " characters";
  }
}

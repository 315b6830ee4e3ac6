package baton.controller.dispatch;

import baton.protocol.message.Identity;
import baton.protocol.type.Gid;
import baton.protocol.type.Longs;
import baton.protocol.type.Uid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A user as a job's record keeps him, from where he was accepted: {@code
 * name|home|shell|gecos|gid,gid,…}. A bar in his own words becomes a blank.
 */
public final class IdentityText {
  private static final int PARTS = 5;

  private IdentityText() {}

  public static String of(Identity identity) {
    StringBuilder groups = new StringBuilder();
    for (int i = 0; i < identity.groupIds().size(); i++) {
      groups.append(i == 0 ? "" : ",").append(identity.groupIds().get(i));
    }
    return String.join(
        "|",
        word(identity.userName()),
        word(identity.homeDirectory()),
        word(identity.shell()),
        word(identity.gecos()),
        groups);
  }

  /** Reads what {@link #of} wrote; empty for anything else. */
  public static Optional<Identity> parse(String text, Uid user, Gid group) {
    String[] parts = text == null ? new String[0] : text.split("\\|", -1);
    if (parts.length != PARTS || parts[0].isEmpty()) {
      return Optional.empty();
    }
    List<Long> groups = new ArrayList<>();
    for (String entry : parts[4].split(",", -1)) {
      int equals = entry.indexOf('=');
      String number = equals < 0 ? entry : entry.substring(0, equals);
      if (!number.matches("[0-9]{1,10}")) {
        return Optional.empty();
      }
      groups.add(Long.parseLong(number));
    }
    return Optional.of(
        Identity.builder()
            .userId(user)
            .groupId(group)
            .userName(parts[0])
            .homeDirectory(parts[1])
            .shell(parts[2])
            .gecos(parts[3])
            .groupIds(Longs.copyOf(groups))
            .build());
  }

  private static String word(String text) {
    return text == null ? "" : text.replace('|', ' ');
  }
}

package baton.controller.dispatch;

import baton.controller.clock.TimeSource;
import baton.protocol.message.Identity;
import baton.protocol.type.Gid;
import baton.protocol.type.Longs;
import baton.protocol.type.Uid;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Users as this host's C library knows them, LDAP and the like included. Entries are kept for a
 * while, since a storm of starts asks for the same few users. Blocks; thread-safe.
 *
 * <p>The layout of {@code struct passwd} is that of Linux on 64 bits (glibc, musl).
 */
public final class NameService implements IdentitySource {
  private static final int STRUCT_BYTES = 48;
  private static final int NAME_OFFSET = 0;
  private static final int GROUP_OFFSET = 20;
  private static final int GECOS_OFFSET = 24;
  private static final int HOME_OFFSET = 32;
  private static final int SHELL_OFFSET = 40;
  private static final int TEXT_BYTES = 64 << 10;
  private static final int MAX_GROUPS = 65536;
  private static final int MAX_KEPT = 4096;
  private static final Duration KEPT_FOR = Duration.ofMinutes(1);

  /** The functions of the C library; their names and parameters are POSIX's and glibc's. */
  private interface LibC extends Library {
    int getpwuid_r(int uid, Pointer entry, Pointer text, long textBytes, PointerByReference found);

    int getgrgid_r(int gid, Pointer entry, Pointer text, long textBytes, PointerByReference found);

    int getgrouplist(String user, int group, int[] groups, IntByReference count);
  }

  /** Who was looked up. */
  private record Key(Uid user, Gid group) {}

  /** What was found, and when. */
  private record Kept(Identity identity, long nanos) {}

  private final LibC library = Native.load("c", LibC.class);
  private final TimeSource time;
  private final Map<Key, Kept> kept =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Kept> eldest) {
          return size() > MAX_KEPT;
        }
      };

  public NameService(TimeSource time) {
    this.time = time;
  }

  @Override
  public Identity identity(Uid user, Gid group) {
    Key key = new Key(user, group);
    long now = time.monotonicNanos();
    synchronized (kept) {
      Kept known = kept.get(key);
      if (known != null && now - known.nanos() < KEPT_FOR.toNanos()) {
        return known.identity();
      }
    }
    Identity.Builder builder = Identity.builder().userId(user).groupId(group);
    Identity identity = lookUp(user, group, builder).orElseGet(builder::build);
    synchronized (kept) {
      kept.put(key, new Kept(identity, now));
    }
    return identity;
  }

  /** A user's own group; empty for a user that the name service does not know. */
  public Optional<Gid> groupOf(Uid user) {
    try (Memory entry = new Memory(STRUCT_BYTES);
        Memory text = new Memory(TEXT_BYTES)) {
      return find(user, entry, text)
          ? Optional.of(Gid.of(Integer.toUnsignedLong(entry.getInt(GROUP_OFFSET))))
          : Optional.empty();
    }
  }

  /** A group's name; empty for a group that the name service does not know. */
  public Optional<String> groupName(Gid group) {
    try (Memory entry = new Memory(STRUCT_BYTES);
        Memory text = new Memory(TEXT_BYTES)) {
      PointerByReference found = new PointerByReference();
      int error = library.getgrgid_r((int) group.value(), entry, text, TEXT_BYTES, found);
      return error == 0 && found.getValue() != null
          ? Optional.of(entry.getPointer(NAME_OFFSET).getString(0))
          : Optional.empty();
    }
  }

  private boolean find(Uid user, Memory entry, Memory text) {
    PointerByReference found = new PointerByReference();
    int error = library.getpwuid_r((int) user.value(), entry, text, TEXT_BYTES, found);
    return error == 0 && found.getValue() != null;
  }

  private Optional<Identity> lookUp(Uid user, Gid group, Identity.Builder builder) {
    try (Memory entry = new Memory(STRUCT_BYTES);
        Memory text = new Memory(TEXT_BYTES)) {
      if (!find(user, entry, text)) {
        return Optional.empty();
      }
      String name = entry.getPointer(NAME_OFFSET).getString(0);
      return Optional.of(
          builder
              .userName(name)
              .gecos(entry.getPointer(GECOS_OFFSET).getString(0))
              .homeDirectory(entry.getPointer(HOME_OFFSET).getString(0))
              .shell(entry.getPointer(SHELL_OFFSET).getString(0))
              .groupIds(groups(name, group))
              .build());
    }
  }

  private Longs groups(String name, Gid group) {
    IntByReference count = new IntByReference(64);
    int[] groups = new int[count.getValue()];
    if (library.getgrouplist(name, (int) group.value(), groups, count) < 0) {
      // the count now says how many there are
      groups = new int[Math.min(MAX_GROUPS, Math.max(1, count.getValue()))];
      count.setValue(groups.length);
      library.getgrouplist(name, (int) group.value(), groups, count);
    }
    int found = Math.min(groups.length, Math.max(0, count.getValue()));
    long[] ids = new long[found];
    for (int i = 0; i < found; i++) {
      ids[i] = Integer.toUnsignedLong(groups[i]);
    }
    return Longs.owning(ids);
  }
}

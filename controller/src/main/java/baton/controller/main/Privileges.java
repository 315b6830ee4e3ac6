package baton.controller.main;

import baton.controller.conf.SlurmUser;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Becomes SlurmUser, as slurmctld does when root starts it. Not for safety alone: clients seal
 * credentials that SlurmUser only may open.
 */
final class Privileges {
  private static final Logger LOG = LoggerFactory.getLogger(Privileges.class);

  /** The functions of the C library; glibc and musl change all threads of the process. */
  private interface LibC extends Library {
    int initgroups(String user, int group);

    int setgid(int group);

    int setuid(int user);
  }

  private Privileges() {}

  /**
   * Gives the data directory to SlurmUser and becomes him, if root started this process.
   *
   * @param group his group
   * @throws StartRefused when that fails
   */
  static void become(SlurmUser user, long group, Path data) throws StartRefused {
    long current = new UnixSystem().getUid();
    if (current == user.uid().value()) {
      return;
    }
    if (current != 0) {
      LOG.warn("running as uid {}, and SlurmUser is {}: clients may not be heard", current, user);
      return;
    }
    try {
      Files.createDirectories(data);
      give(data, user.uid().value(), group);
    } catch (IOException e) {
      throw refused(data + " cannot be given to " + user.name() + ": " + e.getMessage());
    }
    LibC library = Native.load("c", LibC.class);
    if (library.initgroups(user.name(), (int) group) != 0
        || library.setgid((int) group) != 0
        || library.setuid((int) user.uid().value()) != 0
        || new UnixSystem().getUid() != user.uid().value()) {
      throw refused("cannot become SlurmUser " + user.name());
    }
  }

  private static StartRefused refused(String line) {
    return new StartRefused(false, List.of(line));
  }

  private static void give(Path directory, long user, long group) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            return visitFile(path, attributes);
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.setAttribute(path, "unix:uid", (int) user, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", (int) group, LinkOption.NOFOLLOW_LINKS);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

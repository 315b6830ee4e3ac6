package baton.controller.replication.peer;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/**
 * Names of members. An administrator gives an {@code id}; in the group a member is called by that
 * and a number of its own ({@code a.5e0d77c1}), so that a machine that comes back empty under an
 * old id is another member: what the lost one had promised as a voter is never asked of it.
 */
public final class MemberName {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,32}(\\.[0-9a-f]{8})?");
  private static final SecureRandom RANDOM = new SecureRandom();

  private MemberName() {}

  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Returns a new member's name under an id. */
  static String next(String id) {
    return id + "." + String.format("%08x", RANDOM.nextInt());
  }

  /** Returns the id that a member's name stands for. */
  public static String id(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }
}

package baton.protocol.net;

import baton.protocol.type.Release;

/** The flags of a message header that matter here (src/common/slurm_protocol_common.h). */
final class HeaderFlags {
  /** There is no auth section; known from 23.02 on. */
  static final int NO_AUTH_CRED = 0x40;

  private static final Release FIRST_WITHOUT_CREDENTIAL = Release.V23_02;

  private HeaderFlags() {}

  static boolean withoutCredential(int flags, Release release) {
    return (flags & NO_AUTH_CRED) != 0 && release.atLeast(FIRST_WITHOUT_CREDENTIAL);
  }

  /** Whether a peer of that release takes replies that carry no credential. */
  static boolean repliesWithoutCredential(Release release) {
    return release.atLeast(FIRST_WITHOUT_CREDENTIAL);
  }
}

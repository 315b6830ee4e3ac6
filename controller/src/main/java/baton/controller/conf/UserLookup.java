package baton.controller.conf;

import java.util.OptionalLong;

/** Where user names of slurm.conf become ids. */
public interface UserLookup {
  /** The id of that user; empty if there is none. */
  OptionalLong uid(String name);
}

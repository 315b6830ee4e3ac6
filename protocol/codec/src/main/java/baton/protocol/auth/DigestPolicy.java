package baton.protocol.auth;

/**
 * Which weak forms of the body digest are let through; CommunicationParameters block_null_hash and
 * block_zero_hash forbid them in Slurm. Every peer from 22.05 on sends a full digest.
 *
 * @param allowNoPayload credentials without a payload, as releases before 20.11.9 made them
 * @param allowTypeOnly credentials that name the message type only, as 21.08.8 made them
 */
public record DigestPolicy(boolean allowNoPayload, boolean allowTypeOnly) {
  /** Only full digests. */
  public static final DigestPolicy STRICT = new DigestPolicy(false, false);
}

package baton.controller.rpc;

/** A setting that an administrator changed by hand, until slurm.conf is read again. */
public sealed interface TunedSetting {
  /** SlurmctldDebug, as a number: 0 quiet to 9 debug5. */
  record DebugLevel(int level) implements TunedSetting {}

  /** Bits of DebugFlags, numbered as on the wire. */
  record DebugFlags(long set, long clear) implements TunedSetting {}

  /** FairShareDampeningFactor. */
  record FairShareDampening(int factor) implements TunedSetting {}
}

package baton.controller.sim;

/** A disk that reports a sync, and has written nothing to the plate. */
final class SkippedFsync implements Plant {
  @Override
  public Disk disk(Chance chance) {
    return new Disk() {
      @Override
      void synced(long index) {
        // the plate is as it was
      }
    };
  }
}

package baton.controller.replication;

/** Told when a member is about to promise something to another; blocks for a file's write. */
public interface Promises {
  Promises UNTOLD =
      new Promises() {
        @Override
        public void appended() {}

        @Override
        public void voted() {}
      };

  /** It is about to say that entries are on its disk. */
  void appended();

  /** It is about to answer who asked for its vote. */
  void voted();
}

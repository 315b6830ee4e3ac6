package baton.controller.sim;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** The bugs that are planted, each to be found within a thousand seeds. */
enum Plants {
  /** A disk says that it has synced and has not. */
  SKIP_FSYNC(SkippedFsync::new),
  /** Applying a submission reads the clock of the machine. */
  APPLY_READS_CLOCK(ApplyPlants.ReadsClock::new),
  /** What a plan says is done, whether or not it still fits. */
  PLAN_NOT_VALIDATED(ApplyPlants.PlanNotValidated::new),
  /** A launch that may have arrived is given up without a word to the node. */
  LAUNCH_NOT_FENCED(ChannelPlants.LaunchNotFenced::new),
  /** A launch whose answer was lost is taken for one that did not arrive, and sent again. */
  LOST_ANSWER_IS_REFUSAL(ChannelPlants.LostAnswerIsRefusal::new),
  /** A submission is answered as soon as the leader has made up its mind. */
  ACKNOWLEDGED_BEFORE_COMMIT(LogPlants.AcknowledgedBeforeCommit::new),
  /** A leader that was deposed goes on, and takes for committed what it cannot commit. */
  DEPOSED_LEADER_LAUNCHES(LogPlants.DeposedLeaderLaunches::new),
  /** The end of a script is applied once more, some entries later. */
  COMPLETION_APPLIED_TWICE(ApplyPlants.CompletionAppliedTwice::new),
  /** A start of the controllers counts job ids anew from what is there. */
  JOB_ID_REUSED(ApplyPlants.JobIdReused::new),
  /** The end of a job frees its cores at once, whatever its nodes still do. */
  EPILOG_NOT_AWAITED(ApplyPlants.EpilogNotAwaited::new),
  /** Entries for another term are applied too. */
  STAMP_NOT_CHECKED(
      () ->
          new Plant() {
            @Override
            public boolean checksStamps() {
              return false;
            }
          });

  @SuppressWarnings("ImmutableEnumChecker") // constructors without state
  private final Supplier<Plant> maker;

  Plants(Supplier<Plant> maker) {
    this.maker = maker;
  }

  Plant make() {
    return maker.get();
  }

  /** As it is named on a command line. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Plants> named(String word) {
    return Arrays.stream(values()).filter(plant -> plant.word().equals(word)).findFirst();
  }
}

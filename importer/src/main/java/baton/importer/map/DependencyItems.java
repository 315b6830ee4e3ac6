package baton.importer.map;

import baton.controller.model.DependencyExpression;
import baton.controller.model.DependencyTerm;
import baton.protocol.message.DependencyItem;
import baton.protocol.state.SavedJobDetails;
import baton.protocol.type.JobId;
import java.util.List;

/**
 * What a job waits for. slurmctld keeps it in words and, beside them, as items; it judges by the
 * items and shows the words.
 */
final class DependencyItems {
  private static final int ANY = 1;
  private static final long FAILED = 2;

  private DependencyItems() {}

  /**
   * The words; null if it waits for nothing.
   *
   * @throws Unmappable if they make no sense
   */
  static String words(SavedJobDetails saved) {
    DependencyExpression expression = DependencyExpression.parse(saved.dependency());
    if (expression == null) {
      throw new Unmappable("depends on others by " + saved.dependency() + ", which makes no sense");
    }
    return Form.TEXT.read(saved.dependency());
  }

  static void update(String now, SavedJobDetails.Builder saved) {
    DependencyExpression expression = DependencyExpression.parse(now);
    saved.dependency(now).dependencies(items(expression));
  }

  private static List<DependencyItem> items(DependencyExpression expression) {
    return expression.terms().stream().map(term -> item(term, expression.any())).toList();
  }

  private static DependencyItem item(DependencyTerm term, boolean any) {
    return DependencyItem.builder()
        .dependencyType(number(term.kind()))
        .dependencyFlags(any ? ANY : 0)
        .dependencyState(term.failed() ? FAILED : 0)
        .dependencyMinutes(term.minutes())
        .jobId(JobId.of(term.jobId()))
        .arrayTaskId(term.arrayTask())
        .parsedArrayTaskId(term.arrayTask())
        .build();
  }

  /** As all releases number them (22.05-26.05 src/slurmctld/slurmctld.h). */
  private static int number(DependencyTerm.Kind kind) {
    return switch (kind) {
      case AFTER -> 1;
      case AFTER_ANY -> 2;
      case AFTER_NOT_OK -> 3;
      case AFTER_OK -> 4;
      case SINGLETON -> 5;
      case EXPAND -> 6;
      case AFTER_CORRESPONDING -> 7;
      case AFTER_BURST_BUFFER -> 8;
    };
  }
}

package baton.protocol.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import baton.protocol.type.Release;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ForwardTreeTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Property
  void branchesHoldEveryNodeOnceInOrder(
      @ForAll @IntRange(min = 1, max = 3000) int nodes,
      @ForAll @IntRange(min = 1, max = 70) int width) {
    List<Integer> all = IntStream.range(0, nodes).boxed().toList();
    List<Integer> joined = new ArrayList<>();
    List<List<Integer>> branches = ForwardTree.branches(all, width);
    branches.forEach(joined::addAll);
    assertEquals(all, joined);
    assertEquals(Math.min(nodes, width), branches.size());
    int smallest = branches.stream().mapToInt(List::size).min().orElseThrow();
    int largest = branches.stream().mapToInt(List::size).max().orElseThrow();
    assertTrue(smallest >= 1 && largest - smallest <= 1);
  }

  @Test
  void depthGrowsWithTheLevelsThatAreNeeded() {
    assertEquals(1, ForwardTree.depth(50, 50));
    assertEquals(2, ForwardTree.depth(51, 50));
    assertEquals(2, ForwardTree.depth(50 + 2500, 50));
    assertEquals(3, ForwardTree.depth(50 + 2500 + 1, 50));
    assertEquals(5, ForwardTree.depth(5, 1));
  }

  @Property
  void theHeadIsWaitedForLongerThanOneLevel(
      @ForAll Release release,
      @ForAll @IntRange(min = 1, max = 3000) int behind,
      @ForAll @IntRange(min = 1, max = 70) int width) {
    int depth = ForwardTree.depth(behind + 1, width);
    Duration patience = ForwardTree.patience(release, behind, width, depth, TIMEOUT);
    assertTrue(patience.compareTo(TIMEOUT) >= 0);
    assertTrue(
        patience.compareTo(ForwardTree.headerTimeout(release, depth, TIMEOUT)) >= 0,
        () -> patience + " for a header of depth " + depth);
  }

  @Test
  void timesAreAsSlurmMakesThem() {
    // 22.05: one level for each tree width of nodes below, twice, and one more
    assertEquals(TIMEOUT, ForwardTree.headerTimeout(Release.V22_05, 2, TIMEOUT));
    assertEquals(Duration.ofSeconds(50), ForwardTree.patience(Release.V22_05, 99, 50, 2, TIMEOUT));
    assertEquals(Duration.ofSeconds(10), ForwardTree.patience(Release.V22_05, 3, 50, 1, TIMEOUT));
    // 24.11: by depth, in the header too
    assertEquals(Duration.ofSeconds(40), ForwardTree.headerTimeout(Release.V24_11, 2, TIMEOUT));
    assertEquals(Duration.ofSeconds(40), ForwardTree.patience(Release.V24_11, 99, 50, 2, TIMEOUT));
  }
}

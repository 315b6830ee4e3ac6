package baton.protocol.type;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Unmodifiable lists that, unlike {@link List#copyOf}, may hold null: Slurm packs such arrays. */
public final class NullableList {

  private NullableList() {}

  public static <T> List<T> copyOf(List<? extends T> items) {
    return Collections.unmodifiableList(new ArrayList<>(items));
  }
}

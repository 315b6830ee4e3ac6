package baton.controller.model;

/** Numbers by which releases up to 24.11 name the select plugin in messages. */
public final class SelectPlugin {
  private static final long LINEAR = 102;
  private static final long CONS_TRES = 109;

  private SelectPlugin() {}

  /** The number of the plugin that SelectType names. */
  public static long idOf(ClusterConfig config) {
    return "select/linear".equals(config.selectType()) ? LINEAR : CONS_TRES;
  }
}

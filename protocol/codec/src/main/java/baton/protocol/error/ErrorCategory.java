package baton.protocol.error;

/** The blocks into which Slurm's error numbers are divided; bounds are inclusive. */
public enum ErrorCategory {
  SYSTEM(-1, 999),
  COMMUNICATION(1000, 1899),
  NOTICE(1900, 1999),
  CONTROLLER(2000, 2999),
  SPANK(3000, 3999),
  NODE(4000, 4999),
  SOCKET(5000, 5999),
  AUTHENTICATION(6000, 6999),
  ACCOUNTING(7000, 7099),
  FEDERATION(7100, 7199),
  TOPOLOGY(7200, 7399),
  LUA(7400, 7499),
  PLUGIN(8000, 8999),
  REST(9000, 9199),
  DATA(9200, 9999),
  CONTAINER(10000, 10999),
  URL(11000, 11999),
  HTTP(12000, 12999),
  TLS(13000, 13999),
  UNKNOWN(14000, Integer.MAX_VALUE);

  private final int first;
  private final int last;

  ErrorCategory(int first, int last) {
    this.first = first;
    this.last = last;
  }

  /** The category of a return code; numbers outside Slurm's blocks are {@link #UNKNOWN}. */
  public static ErrorCategory of(int number) {
    for (ErrorCategory category : values()) {
      if (category.first <= number && number <= category.last) {
        return category;
      }
    }
    return UNKNOWN;
  }
}

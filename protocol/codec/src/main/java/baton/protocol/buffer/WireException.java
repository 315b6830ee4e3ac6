package baton.protocol.buffer;

/**
 * The one error of decoding and encoding: the bytes are not what the layout says, or the value
 * cannot be told to a peer of that release. Whoever decodes what a peer sent catches it, ends that
 * connection (or answers with Slurm's error) and nothing else.
 *
 * <p>Carries no stack trace: peers provoke it at will, and place and cause are in its fields.
 */
public final class WireException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String layout;
  private final String field;
  private final int offset;
  private final String what;

  public WireException(String layout, String field, int offset, String what) {
    super(null, null, false, false);
    this.layout = layout;
    this.field = field;
    this.offset = offset;
    this.what = what;
  }

  /** The innermost layout that was being read or written; empty when outside any. */
  public String layout() {
    return layout;
  }

  /** The field of that layout. */
  public String field() {
    return field;
  }

  /** Bytes from where the reader or writer began to where the field did. */
  public int offset() {
    return offset;
  }

  /** What was wrong, in words. */
  public String what() {
    return what;
  }

  /** The same error told as one of {@code layout}, unless an inner layout was named already. */
  public WireException in(String layout) {
    return this.layout.isEmpty() ? new WireException(layout, field, offset, what) : this;
  }

  @Override
  public String getMessage() {
    String place = layout.isEmpty() ? field : layout + "." + field;
    return place + " at offset " + offset + ": " + what;
  }
}

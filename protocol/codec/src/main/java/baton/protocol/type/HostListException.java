package baton.protocol.type;

/**
 * A host list expression that cannot be read: broken brackets or ranges, or one that would expand
 * beyond {@link HostList#MAX_HOSTS}. The message names the part at fault and is fit for a person.
 */
public final class HostListException extends Exception {
  private static final long serialVersionUID = 1L;

  public HostListException(String message) {
    super(message);
  }
}

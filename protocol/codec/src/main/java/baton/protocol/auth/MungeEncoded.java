package baton.protocol.auth;

/**
 * What munged made of an encode request.
 *
 * @param status {@link MungeStatus#SUCCESS} when there is a credential
 * @param credential ASCII without a NUL at its end, {@code MUNGE:…:}; empty on failure
 * @param detail libmunge's sentence on failure; empty on success
 */
public record MungeEncoded(MungeStatus status, String credential, String detail) {
  static MungeEncoded failed(MungeStatus status, String detail) {
    return new MungeEncoded(status, "", detail);
  }

  public boolean succeeded() {
    return status == MungeStatus.SUCCESS;
  }
}

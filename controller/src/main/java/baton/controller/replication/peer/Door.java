package baton.controller.replication.peer;

import java.io.IOException;

/**
 * Answers what is asked at the door: by guests, who prove themselves in the request, and members.
 * It may block.
 */
interface Door {

  /**
   * Answers one request.
   *
   * @param visitor who asks
   * @param request bounded, but otherwise whatever a stranger sent
   * @throws IOException with a sentence for the visitor, instead of an answer
   */
  byte[] answer(Visitor visitor, byte[] request) throws IOException;

  /**
   * Who asks.
   *
   * @param member the name proven by a certificate; null for a guest
   * @param serverFingerprint SHA-256 of the certificate that this end showed on the connection
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Visitor(String member, byte[] serverFingerprint) {}
}

package baton.controller.replication.peer;

/** Names and words that are used at the door. */
public final class DoorField {
  static final String NONCE = "nonce";
  static final String REQUEST = "request";
  static final String ANSWER = "answer";

  /** What is asked: one of the words below. */
  public static final String OPERATION = "operation";

  /** Who are you? Answered by a controller that belongs to no group yet, too. */
  static final String PROBE = "probe";

  /** Give me a certificate. */
  static final String JOIN = "join";

  /** I have a certificate and run: take me in. */
  static final String ADMIT = "admit";

  /** My data is damaged: give me a certificate of another member, to take my place. */
  static final String REPLACE = "replace";

  /** Am I a member still? */
  static final String STAND = "stand";

  /** Take a new certificate yourself. */
  static final String RENEW = "renew";

  public static final String STATUS = "status";
  public static final String ADD = "add";
  public static final String REMOVE = "remove";
  public static final String TRANSFER = "transfer";
  public static final String ROTATE = "rotate";

  /** {@link #DONE}, {@link #WAIT} or {@link #REFUSED}. */
  public static final String OUTCOME = "outcome";

  public static final String DONE = "done";

  /** Not now: try again. */
  public static final String WAIT = "wait";

  /** Not at all, and trying again does not help. */
  public static final String REFUSED = "refused";

  public static final String WHY = "why";
  public static final String ID = "id";
  public static final String ADDRESS = "address";
  public static final String TOKEN = "token";
  static final String PEERS = "peers";

  /** Names that who asks had before, with commas between. */
  static final String FORMERS = "formers";

  /** In the answer of one whose data is damaged, and that waits to be replaced. */
  static final String DAMAGED = "damaged";

  static final String KEY = "key";
  static final String FORWARDED = "forwarded";
  static final String STATE = "state";
  static final String EMPTY = "empty";
  static final String ALONE = "alone";
  static final String MEMBER = "member";

  private DoorField() {}
}

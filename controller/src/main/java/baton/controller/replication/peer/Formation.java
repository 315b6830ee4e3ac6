package baton.controller.replication.peer;

import baton.controller.replication.ReplicationSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * How a controller whose directory names no group comes to one (ADR 0033). Exactly one of those
 * that are listed may found it, and only when all others answer that they have none and have the
 * same list; so two can never be founded. All others are taken in by who founded it.
 */
final class Formation implements GroupDoor.Host {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
  private static final long ROUND_MILLIS = 300;

  private final GroupOptions options;
  private final String id;
  private final Trust trust;
  private final Consumer<String> say;
  private final boolean hasLoneData;
  private String said = "";

  /** What a controller answered. */
  private record Answer(String id, String address, DoorWire wire) {
    boolean is(String state) {
      return wire.get(DoorField.STATE).equals(state);
    }
  }

  /**
   * @param say told what is waited for, when that changes
   */
  Formation(GroupOptions options, String id, Trust trust, Consumer<String> say) {
    this.options = options;
    this.id = id;
    this.trust = trust;
    this.say = say;
    this.hasLoneData = Files.isDirectory(loneData());
  }

  private Path loneData() {
    return options.data().resolve(options.alone().toString());
  }

  @Override
  public Map<String, String> answer(Optional<String> member, DoorWire request) {
    if (!request.get(DoorField.OPERATION).equals(DoorField.PROBE)) {
      return Answers.waitFor("this controller belongs to no group yet");
    }
    return Map.of(
        DoorField.OUTCOME,
        DoorField.DONE,
        DoorField.STATE,
        hasLoneData ? DoorField.ALONE : DoorField.EMPTY,
        DoorField.ID,
        id,
        DoorField.PEERS,
        PeerAddress.list(options.peers()));
  }

  /** Waits until this controller has founded a group, or has a certificate of one. */
  MemberIdentity form() throws GroupRefused, IOException, InterruptedException {
    if (hasLoneData && !id.equals(MemberName.id(ReplicationSettings.ALONE))) {
      throw new GroupRefused(
          options.data()
              + " holds the state of a controller that was alone: its id is 0, start it with --id 0");
    }
    while (true) {
      Optional<MemberIdentity> identity = round();
      if (identity.isPresent()) {
        identity.get().save(options.data());
        return identity.get();
      }
      Thread.sleep(ROUND_MILLIS);
    }
  }

  private Optional<MemberIdentity> round() throws GroupRefused, IOException {
    List<String> missing = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    for (Map.Entry<String, String> peer : options.peers().entrySet()) {
      if (!peer.getKey().equals(id)) {
        try {
          DoorWire wire =
              DoorClient.ask(
                  peer.getValue(),
                  Map.of(DoorField.OPERATION, DoorField.PROBE),
                  trust,
                  ANSWER_WITHIN);
          answers.add(new Answer(peer.getKey(), peer.getValue(), wire));
        } catch (IOException e) {
          missing.add(peer.getKey() + "=" + peer.getValue() + " (" + e.getMessage() + ")");
        }
      }
    }
    for (Answer answer : answers) {
      if (answer.is(DoorField.MEMBER)) {
        return join(answer.address());
      }
    }
    if (!missing.isEmpty()) {
      tell("waiting for " + String.join(", ", missing));
      return Optional.empty();
    }
    return foundIfFirst(answers);
  }

  private Optional<MemberIdentity> foundIfFirst(List<Answer> answers) throws GroupRefused {
    String list = PeerAddress.list(options.peers());
    for (Answer answer : answers) {
      if (!answer.wire().get(DoorField.ID).equals(answer.id())) {
        tell(
            "at "
                + answer.address()
                + " is "
                + answer.wire().get(DoorField.ID)
                + ", not "
                + answer.id());
        return Optional.empty();
      }
      if (!answer.wire().get(DoorField.PEERS).equals(list)) {
        tell(answer.id() + " was given other --peers: " + answer.wire().get(DoorField.PEERS));
        return Optional.empty();
      }
      if (answer.is(DoorField.ALONE) && hasLoneData) {
        throw new GroupRefused(
            "this controller and "
                + answer.id()
                + " both hold the state of a cluster: which is it?");
      }
      if (!answer.is(DoorField.EMPTY)) {
        tell("waiting for " + answer.id() + " to found the group");
        return Optional.empty();
      }
    }
    String first = options.peers().keySet().iterator().next();
    if (!hasLoneData && !first.equals(id)) {
      tell("waiting for " + first + " to found the group");
      return Optional.empty();
    }
    say.accept("founds a group");
    return Optional.of(
        hasLoneData
            ? MemberIdentity.found(
                    options.alone(), ReplicationSettings.ALONE, options.peers(), Instant.now())
                .asAdmitted()
            : MemberIdentity.found(
                UUID.randomUUID(), MemberName.next(id), options.peers(), Instant.now()));
  }

  private Optional<MemberIdentity> join(String address) throws GroupRefused, IOException {
    KeyPair keys = Certificates.newKeys();
    DoorWire answer;
    try {
      answer = DoorClient.ask(address, request(keys), trust, ANSWER_WITHIN);
    } catch (IOException e) {
      tell("waiting for " + address + " (" + e.getMessage() + ")");
      return Optional.empty();
    }
    return taken(answer, keys);
  }

  private Map<String, String> request(KeyPair keys) {
    return request(DoorField.JOIN, id, options.peers().get(id), keys);
  }

  /** Returns what asks for a certificate. */
  static Map<String, String> request(String operation, String id, String address, KeyPair keys) {
    return Map.of(
        DoorField.OPERATION,
        operation,
        DoorField.ID,
        id,
        DoorField.ADDRESS,
        address,
        DoorField.KEY,
        Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()));
  }

  private Optional<MemberIdentity> taken(DoorWire answer, KeyPair keys)
      throws GroupRefused, IOException {
    switch (answer.get(DoorField.OUTCOME)) {
      case DoorField.DONE -> {
        MemberIdentity joined = joined(answer, id, options.peers().get(id), keys);
        // left by an attempt to join that came to nothing
        DamagedData.delete(options.data().resolve(joined.group().toString()));
        say.accept("joins the group as " + joined.name());
        return Optional.of(joined);
      }
      case DoorField.REFUSED -> throw new GroupRefused(answer.get(DoorField.WHY));
      default -> {
        tell(answer.get(DoorField.WHY));
        return Optional.empty();
      }
    }
  }

  /** Joins with a token. */
  static MemberIdentity join(
      JoinToken token, GroupOptions options, Trust trust, Consumer<String> say)
      throws GroupRefused, IOException, InterruptedException {
    Map<String, String> peers = new LinkedHashMap<>(token.peers());
    peers.put(token.id(), token.address());
    Formation formation =
        new Formation(
            new GroupOptions(
                options.data(), Optional.of(token.id()), peers, Optional.empty(), options.alone()),
            token.id(),
            trust,
            say);
    if (formation.hasLoneData) {
      throw new GroupRefused(options.data() + " holds a cluster's state: it cannot join another");
    }
    while (true) {
      for (String address : token.peers().values()) {
        KeyPair keys = Certificates.newKeys();
        try {
          DoorWire answer = DoorClient.ask(address, formation.request(keys), token, ANSWER_WITHIN);
          Optional<MemberIdentity> identity = formation.taken(answer, keys);
          if (identity.isPresent()) {
            identity.get().save(options.data());
            return identity.get();
          }
        } catch (IOException e) {
          formation.tell("waiting for " + address + " (" + e.getMessage() + ")");
        }
      }
      Thread.sleep(ROUND_MILLIS);
    }
  }

  /** Returns who the answer makes of the controller that asked with a key of these. */
  static MemberIdentity joined(DoorWire answer, String id, String address, KeyPair keys)
      throws IOException {
    Base64.Decoder base64 = Base64.getDecoder();
    try {
      Map<String, String> peers =
          new LinkedHashMap<>(
              PeerAddress.parseList(answer.get(DoorField.PEERS))
                  .orElseThrow(() -> new IllegalArgumentException("peers")));
      peers.put(id, address);
      return new MemberIdentity(
          answer.get("cluster"),
          UUID.fromString(answer.get("group")),
          answer.get("name"),
          false,
          false,
          peers,
          List.of(),
          List.of(),
          Certificates.parse(base64.decode(answer.get("authority"))),
          Certificates.privateKey(base64.decode(answer.get("authority-key"))),
          Certificates.parse(base64.decode(answer.get("certificate"))),
          keys.getPrivate());
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new IOException("the answer is none: " + e.getMessage(), e);
    }
  }

  private void tell(String what) {
    if (!what.equals(said)) {
      said = what;
      say.accept(what);
    }
  }
}

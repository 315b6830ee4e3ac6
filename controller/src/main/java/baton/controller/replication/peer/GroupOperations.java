package baton.controller.replication.peer;

import baton.controller.replication.GroupControl;
import baton.controller.replication.GroupMember;
import baton.controller.replication.GroupView;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the leader does when it is asked at the door: it takes members in, removes them, hands its
 * lead over. One change at a time. Thread-safe; blocks.
 */
final class GroupOperations {
  private static final Logger LOG = LoggerFactory.getLogger(GroupOperations.class);
  private static final Duration TRANSFER_WITHIN = Duration.ofSeconds(5);
  private static final long ALIVE_MILLIS = 3000;

  private final GroupControl control;
  private final Supplier<MemberIdentity> self;
  private final Map<String, Invitation> invited = new ConcurrentHashMap<>();
  private final Map<String, Instant> joining = new ConcurrentHashMap<>();

  private record Invitation(String address, Instant until) {}

  GroupOperations(GroupControl control, Supplier<MemberIdentity> self) {
    this.control = control;
    this.self = self;
  }

  Map<String, String> add(DoorWire request) {
    String id = request.get(DoorField.ID);
    String address = request.get(DoorField.ADDRESS);
    if (!MemberName.isId(id) || !PeerAddress.isValid(address)) {
      return Answers.refused("a member needs an ID and HOST:PORT");
    }
    if (named(id).isPresent()) {
      return known(id);
    }
    Instant now = Instant.now();
    invited.put(id, new Invitation(address, now.plus(JoinToken.LIFE)));
    Map<String, String> answer = new TreeMap<>(Answers.done());
    answer.put(DoorField.TOKEN, JoinToken.issue(self.get(), id, address, now).text());
    return answer;
  }

  private Optional<GroupMember> named(String id) {
    return control.view().members().stream()
        .filter(member -> MemberName.id(member.name()).equals(id))
        .findFirst();
  }

  private static Map<String, String> known(String id) {
    return Answers.refused(
        "the group has a member "
            + id
            + " already. If its machine is lost: baton cluster remove "
            + id
            + ", then start the new one again");
  }

  /** Signs a newcomer's key; it becomes a member when it runs and asks for that. */
  Map<String, String> join(DoorWire request, Optional<JoinToken> token) {
    String id = request.get(DoorField.ID);
    String address = request.get(DoorField.ADDRESS);
    if (!MemberName.isId(id) || !PeerAddress.isValid(address)) {
      return Answers.refused("a member needs an id and an address");
    }
    if (named(id).isPresent()) {
      return known(id);
    }
    return isExpected(self.get(), id, address, token)
        ? sign(id, address, request)
        : unexpected(id, address);
  }

  /**
   * Signs a key for one whose data is damaged, under a new name. The group changes when it asks to
   * be taken in.
   *
   * @param member its name until now; empty when that is lost too
   */
  Map<String, String> replace(Optional<String> member, DoorWire request) {
    String id = request.get(DoorField.ID);
    String address = request.get(DoorField.ADDRESS);
    if (!MemberName.isId(id) || !PeerAddress.isValid(address)) {
      return Answers.refused("a member needs an id and an address");
    }
    Optional<GroupMember> present = named(id);
    if (present.isEmpty()) {
      // one that was never taken in may have lost nothing, and comes as any newcomer does
      return request.get(DoorField.STATE).equals(DoorField.EMPTY)
          ? join(request, Optional.empty())
          : removed(id, member.orElse(id));
    }
    GroupMember old = present.get();
    boolean isOwn =
        member.isPresent()
            ? old.name().equals(member.get()) || formers(request).contains(old.name())
            : old.address().equals(address);
    if (!isOwn) {
      return known(id);
    }
    return isRunning(old) ? answersStill(old.name()) : sign(id, address, request, old.name());
  }

  /** A new leader counts as heard who has not answered it yet. */
  private static boolean isRunning(GroupMember member) {
    return isAlive(member) && member.matched() >= 0;
  }

  private static Map<String, String> answersStill(String name) {
    return Answers.waitFor(name + " was heard a moment ago");
  }

  private static List<String> formers(DoorWire request) {
    return List.of(request.get(DoorField.FORMERS).split(",", -1));
  }

  private Map<String, String> sign(String id, String address, DoorWire request, String former) {
    Map<String, String> answer = new TreeMap<>(sign(id, address, request));
    answer.put(DoorField.FORMERS, former);
    return answer;
  }

  private Map<String, String> sign(String id, String address, DoorWire request) {
    MemberIdentity own = self.get();
    Base64.Encoder base64 = Base64.getEncoder();
    try {
      PublicKey key =
          Certificates.publicKey(Base64.getDecoder().decode(request.get(DoorField.KEY)));
      String name = MemberName.next(id);
      Instant now = Instant.now();
      X509Certificate certificate =
          Certificates.member(own.authorityKey(), own.authority(), name, key, now);
      Map<String, String> answer = new TreeMap<>(Answers.done());
      answer.put("cluster", own.cluster());
      answer.put("group", own.group().toString());
      answer.put("name", name);
      answer.put(DoorField.PEERS, PeerAddress.list(addresses(own)));
      answer.put("authority", base64.encodeToString(own.authority().getEncoded()));
      answer.put("authority-key", base64.encodeToString(own.authorityKey().getEncoded()));
      answer.put("certificate", base64.encodeToString(certificate.getEncoded()));
      joining.put(name, now);
      LOG.info("{} at {} may join as {}", id, address, name);
      return answer;
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      return Answers.refused("the key is none");
    }
  }

  private static Map<String, String> unexpected(String id, String address) {
    return Answers.waitFor(
        "the group expects no "
            + id
            + " at "
            + address
            + ". To let it in: baton cluster add "
            + id
            + " "
            + address);
  }

  private boolean isExpected(
      MemberIdentity own, String id, String address, Optional<JoinToken> token) {
    Instant now = Instant.now();
    if (token.isPresent()) {
      JoinToken shown = token.get();
      return shown.isGenuine(own, now) && shown.id().equals(id) && shown.address().equals(address);
    }
    Invitation invitation = invited.get(id);
    boolean isInvited =
        invitation != null
            && invitation.until().isAfter(now)
            && invitation.address().equals(address);
    return isInvited || address.equals(own.peers().get(id));
  }

  private Map<String, String> addresses(MemberIdentity own) {
    Map<String, String> all = new LinkedHashMap<>();
    for (GroupMember member : control.view().members()) {
      if (PeerAddress.isValid(member.address())) {
        all.put(MemberName.id(member.name()), member.address());
      }
    }
    all.put(own.id(), own.address());
    return all;
  }

  /**
   * Takes a member in that has a certificate and runs. One that was another member before takes
   * that one's place, in the same change.
   */
  synchronized Map<String, String> admit(String name, DoorWire request) {
    String address = request.get(DoorField.ADDRESS);
    GroupView view = control.view();
    if (view.member(name).isPresent()) {
      return Answers.done();
    }
    if (!PeerAddress.isValid(address)) {
      return Answers.refused("no address");
    }
    String id = MemberName.id(name);
    Optional<GroupMember> old = named(id);
    if (old.isPresent() && !formers(request).contains(old.get().name())) {
      return known(id);
    }
    if (old.isPresent() && isRunning(old.get())) {
      return answersStill(old.get().name());
    }
    if (old.isEmpty()
        && !joining.containsKey(name)
        && !isExpected(self.get(), id, address, Optional.empty())) {
      return unexpected(id, address);
    }
    return take(name, address, old.map(GroupMember::name));
  }

  private Map<String, String> take(String name, String address, Optional<String> insteadOf) {
    try {
      control.add(name, address, insteadOf, self.get().address());
      invited.remove(MemberName.id(name));
      joining.remove(name);
      LOG.info(
          "{} at {} is a member{}",
          name,
          address,
          insteadOf.map(o -> " instead of " + o).orElse(""));
      return Answers.done();
    } catch (IOException e) {
      LOG.warn("{} at {} could not be taken in: {}", name, address, e.getMessage());
      return Answers.waitFor("it could not be taken in yet: " + e.getMessage());
    }
  }

  /** Tells a member whether it is one still. */
  Map<String, String> stand(String name) {
    if (control.view().member(name).isPresent()) {
      return Answers.done();
    }
    return removed(MemberName.id(name), name);
  }

  private static Map<String, String> removed(String id, String name) {
    return Answers.refused(
        id
            + " was removed from the group as "
            + name
            + ": empty its data directory to let it join anew");
  }

  synchronized Map<String, String> remove(DoorWire request) {
    Optional<GroupMember> found = named(request.get(DoorField.ID));
    if (found.isEmpty()) {
      return Answers.refused("the group has no member " + request.get(DoorField.ID));
    }
    GroupView view = control.view();
    String name = found.get().name();
    if (view.members().size() == 1) {
      return Answers.refused("it is the only member");
    }
    int left = view.members().size() - 1;
    long alive =
        view.members().stream()
            .filter(member -> !member.name().equals(name))
            .filter(GroupOperations::isAlive)
            .count();
    if (alive <= left / 2) {
      return Answers.refused(
          "of the "
              + left
              + " members that would be left only "
              + alive
              + " answer: the group could do nothing any more");
    }
    try {
      control.remove(name);
      LOG.info("{} is removed", name);
      return Answers.done();
    } catch (IOException e) {
      return Answers.waitFor(e.getMessage());
    }
  }

  private static boolean isAlive(GroupMember member) {
    return member.heardMillisAgo() >= 0 && member.heardMillisAgo() < ALIVE_MILLIS;
  }

  /** Hands the lead to the member asked for, or to the one whose log is the furthest. */
  Map<String, String> transfer(DoorWire request) {
    GroupView view = control.view();
    String id = request.get(DoorField.ID);
    Optional<GroupMember> to = id.isEmpty() ? furthest(view) : named(id);
    if (to.isEmpty()) {
      return Answers.refused(
          id.isEmpty() ? "there is no other member" : "the group has no member " + id);
    }
    if (to.get().name().equals(view.self())) {
      return Answers.done();
    }
    try {
      control.transfer(to.get().name(), TRANSFER_WITHIN);
      return Answers.done();
    } catch (IOException e) {
      return Answers.waitFor(e.getMessage());
    }
  }

  private static Optional<GroupMember> furthest(GroupView view) {
    return view.members().stream()
        .filter(member -> !member.name().equals(view.self()) && isAlive(member))
        .max(java.util.Comparator.comparingLong(GroupMember::matched));
  }
}

package baton.controller.replication.peer;

import baton.controller.replication.DamagedDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How a member comes back whose data is damaged: as another one, in its own place (ADR 0036). What
 * it had promised as a voter is in that data, so under its old name it must not vote any more. The
 * order is: a leader signs another name; the data is set aside; the record of the new name is
 * written; its empty replica asks to be taken in, and the old name leaves the group in the same
 * change. Who dies between finds damage again, or a record that says whose place it takes.
 */
final class Replacement {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
  private static final long ROUND_MILLIS = 300;

  /** Others that are damaged as well are to see this one before it ends. */
  private static final long LINGER_MILLIS = 3000;

  private static final int MOST_FORMERS = 16;

  private final GroupOptions options;
  private final String id;
  private final Optional<MemberIdentity> known;
  private final Trust trust;
  private final DamagedDataException damage;
  private final Consumer<String> say;
  private final Map<String, String> peers = new LinkedHashMap<>();

  /** Whether its own copy is one that the group may lack; one never taken in waits for a leader. */
  private final boolean counts;

  private String said = "";

  /**
   * @param known the record; empty when it is what is damaged
   */
  Replacement(
      GroupOptions options,
      String id,
      Optional<MemberIdentity> known,
      Trust trust,
      DamagedDataException damage,
      Consumer<String> say) {
    this.options = options;
    this.id = id;
    this.known = known;
    this.trust = trust;
    this.damage = damage;
    this.say = say;
    this.counts = known.map(MemberIdentity::admitted).orElse(true);
    peers.putAll(options.peers());
    known.ifPresent(record -> peers.putAll(record.peers()));
  }

  /**
   * Waits until a leader has given another name, and makes room for it.
   *
   * @return the new record, which is in the directory
   * @throws GroupRefused when nobody can have another copy, or the group has let it go
   */
  MemberIdentity await() throws GroupRefused, IOException, InterruptedException {
    say.accept("the data is damaged: " + damage.getMessage());
    if (counts) {
      refuseWithoutOthers(Set.of(id));
    }
    while (true) {
      for (Map.Entry<String, String> peer : peers.entrySet()) {
        if (!peer.getKey().equals(id)) {
          Optional<MemberIdentity> given = ask(peer.getValue());
          if (given.isPresent()) {
            return given.get();
          }
        }
      }
      if (counts) {
        Set<String> damaged = damaged();
        if (!isMajorityLeft(damaged)) {
          Thread.sleep(LINGER_MILLIS);
          refuseWithoutOthers(damaged);
        }
      }
      Thread.sleep(ROUND_MILLIS);
    }
  }

  /** Those that must agree to any change: as the record knows them, or as they are listed. */
  private Set<String> voters() {
    Set<String> recorded = new LinkedHashSet<>(known.map(MemberIdentity::voters).orElse(List.of()));
    return recorded.isEmpty() ? peers.keySet() : recorded;
  }

  private boolean isMajorityLeft(Set<String> damaged) {
    long sound = voters().stream().filter(voter -> !damaged.contains(voter)).count();
    return sound > voters().size() / 2;
  }

  private void refuseWithoutOthers(Set<String> damaged) throws GroupRefused {
    if (isMajorityLeft(damaged)) {
      return;
    }
    String who =
        voters().size() == 1
            ? "This controller is the only member of its group: nobody has a copy."
            : "Of the members "
                + String.join(", ", voters())
                + " these are damaged: "
                + String.join(", ", damaged)
                + ". The others are no majority, and may lack what was acknowledged.";
    throw new GroupRefused(
        "the data is damaged: "
            + damage.getMessage()
            + "\n"
            + who
            + "\nNothing was changed. Put a sound copy of "
            + options.data()
            + " back (of the file that is named, where the rest is sound), and start again.");
  }

  /** Returns who is damaged, this member among them. */
  private Set<String> damaged() {
    Set<String> damaged = new LinkedHashSet<>(List.of(id));
    for (Map.Entry<String, String> peer : peers.entrySet()) {
      try {
        if (!peer.getKey().equals(id)
            && !askAt(peer.getValue(), Map.of(DoorField.OPERATION, DoorField.PROBE))
                .get(DoorField.DAMAGED)
                .isEmpty()) {
          damaged.add(peer.getKey());
        }
      } catch (IOException away) {
        // it may be sound
      }
    }
    return damaged;
  }

  private DoorWire askAt(String address, Map<String, String> fields) throws IOException {
    return known.isPresent()
        ? DoorClient.ask(address, fields, known.get(), ANSWER_WITHIN)
        : DoorClient.ask(address, fields, trust, ANSWER_WITHIN);
  }

  private Optional<MemberIdentity> ask(String address) throws GroupRefused, IOException {
    KeyPair keys = Certificates.newKeys();
    String own = known.map(MemberIdentity::address).orElse(peers.get(id));
    Map<String, String> request =
        new HashMap<>(Formation.request(DoorField.REPLACE, id, own, keys));
    request.put(
        DoorField.FORMERS, String.join(",", known.map(MemberIdentity::formers).orElse(List.of())));
    request.put(DoorField.STATE, counts ? DoorField.MEMBER : DoorField.EMPTY);
    DoorWire answer;
    try {
      answer = askAt(address, request);
    } catch (IOException e) {
      tell("waiting for " + address + " (" + e.getMessage() + ")");
      return Optional.empty();
    }
    switch (answer.get(DoorField.OUTCOME)) {
      case DoorField.DONE -> {
        return Optional.of(become(Formation.joined(answer, id, own, keys), answer));
      }
      case DoorField.REFUSED ->
          throw new GroupRefused(
              "the data is damaged: " + damage.getMessage() + "\n" + answer.get(DoorField.WHY));
      default -> {
        tell("waits to be replaced: " + answer.get(DoorField.WHY));
        return Optional.empty();
      }
    }
  }

  private MemberIdentity become(MemberIdentity joined, DoorWire answer)
      throws GroupRefused, IOException {
    MemberIdentity next = joined.after(formers(answer)).withVoters(List.copyOf(voters()));
    Path aside = DamagedData.setAside(options.data(), next.group().toString(), damage.getMessage());
    if (known.isEmpty()) {
      // not moved: it says that this is a member until the new record takes its place
      Files.copy(
          options.data().resolve(MemberIdentity.FILE),
          aside.resolve(MemberIdentity.FILE),
          StandardCopyOption.COPY_ATTRIBUTES);
    }
    next.save(options.data());
    say.accept("the damaged data is in " + aside + "; comes back as " + next.name());
    return next;
  }

  /** Any of its names may be the one that the group has by the time it asks. */
  private List<String> formers(DoorWire answer) throws GroupRefused {
    Set<String> names = new LinkedHashSet<>();
    known.ifPresent(
        record -> {
          names.addAll(record.formers());
          names.add(record.name());
        });
    String present = answer.get(DoorField.FORMERS);
    if (!present.isEmpty()) {
      names.add(present);
    }
    if (names.size() > MOST_FORMERS) {
      throw new GroupRefused(
          "the data was damaged again and again before the group took this member back: look after"
              + " its disk, then empty "
              + options.data()
              + ", and baton cluster remove "
              + id);
    }
    return List.copyOf(names);
  }

  private void tell(String what) {
    if (!what.equals(said)) {
      said = what;
      say.accept(what);
    }
  }
}

package baton.controller.replication.peer;

import baton.controller.replication.GroupMember;
import baton.controller.replication.GroupView;
import baton.controller.replication.Replicator;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What is answered at the door of a member. Thread-safe; blocks. */
final class MemberDoor implements GroupDoor.Host {
  private static final Duration PROVE_WITHIN = Duration.ofSeconds(2);
  private static final Duration RENEW_WITHIN = Duration.ofSeconds(2);
  private static final Duration FORWARD_WITHIN = Duration.ofSeconds(30);

  private final ControllerGroup group;

  MemberDoor(ControllerGroup group) {
    this.group = group;
  }

  @Override
  public Map<String, String> answer(Optional<String> member, DoorWire request) throws IOException {
    String operation = request.get(DoorField.OPERATION);
    if (operation.equals(DoorField.PROBE)) {
      return Map.of(
          DoorField.OUTCOME,
          DoorField.DONE,
          DoorField.STATE,
          DoorField.MEMBER,
          DoorField.ID,
          group.identity().id());
    }
    if (operation.equals(DoorField.RENEW) && member.isPresent()) {
      group.renew();
      return Answers.done();
    }
    return led(member, request, Optional.empty());
  }

  @Override
  public Map<String, String> join(JoinToken token, DoorWire request) throws IOException {
    if (!request.get(DoorField.OPERATION).equals(DoorField.JOIN)) {
      return Answers.refused("a token is good for joining only");
    }
    return led(Optional.empty(), request, Optional.of(token));
  }

  /** Answers if this member leads, else passes the question on to who does. */
  private Map<String, String> led(
      Optional<String> member, DoorWire request, Optional<JoinToken> token) throws IOException {
    ControllerGroup.Running now = group.running();
    if (now == null) {
      return Answers.waitFor("this controller is starting");
    }
    GroupView view = now.replicator().group().view();
    boolean isForwarded = member.isPresent() && !request.get(DoorField.FORWARDED).isEmpty();
    if (!view.leads()) {
      if (request.get(DoorField.OPERATION).equals(DoorField.STATUS)
          && (view.leader().isEmpty() || isForwarded)) {
        return group.status();
      }
      return view.leader().isEmpty() || isForwarded
          ? Answers.waitFor("no member leads now")
          : forward(view.leader().get(), member, request, token);
    }
    if (!isCurrentLeader(now.replicator())) {
      return Answers.waitFor("no member leads now");
    }
    if (!isForwarded) {
      return carryOut(now.operations(), member, request, token);
    }
    if (view.member(member.get()).isEmpty()) {
      return Answers.refused(member.get() + " is not a member");
    }
    Optional<JoinToken> shown = JoinToken.parse(request.get(DoorField.TOKEN));
    String asking = request.get("member");
    return carryOut(
        now.operations(),
        asking.isEmpty() ? Optional.empty() : Optional.of(asking),
        request,
        shown);
  }

  /** What a leader says that others have deposed meanwhile would be wrong. */
  private boolean isCurrentLeader(Replicator<?, ?, ?> replicator) {
    try {
      return replicator
          .awaitCurrent(PROVE_WITHIN)
          .toCompletableFuture()
          .get(2 * PROVE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  private Map<String, String> forward(
      String leader, Optional<String> member, DoorWire request, Optional<JoinToken> token)
      throws IOException {
    Map<String, String> fields = new TreeMap<>(request.fields());
    fields.put(DoorField.FORWARDED, "1");
    fields.put("member", member.orElse(""));
    fields.put(DoorField.TOKEN, token.map(JoinToken::text).orElse(""));
    try {
      return group.network().ask(leader, fields, FORWARD_WITHIN).fields();
    } catch (InterruptedIOException stopped) {
      throw stopped;
    } catch (IOException e) {
      return Answers.waitFor("the leader does not answer: " + e.getMessage());
    }
  }

  private Map<String, String> carryOut(
      GroupOperations operations,
      Optional<String> member,
      DoorWire request,
      Optional<JoinToken> token)
      throws IOException {
    return switch (request.get(DoorField.OPERATION)) {
      case DoorField.STATUS -> group.status();
      case DoorField.JOIN -> operations.join(request, token);
      case DoorField.ADMIT ->
          member.isEmpty()
              ? Answers.refused("a certificate is needed")
              : operations.admit(member.get(), request);
      case DoorField.REPLACE -> operations.replace(member, request);
      case DoorField.STAND ->
          member.isEmpty()
              ? Answers.refused("a certificate is needed")
              : operations.stand(member.get());
      case DoorField.ADD -> operations.add(request);
      case DoorField.REMOVE -> operations.remove(request);
      case DoorField.TRANSFER -> operations.transfer(request);
      case DoorField.ROTATE -> rotate();
      default -> Answers.refused("what is asked is not known here");
    };
  }

  private Map<String, String> rotate() throws IOException {
    GroupView view = group.running().replicator().group().view();
    StringBuilder failed = new StringBuilder();
    for (GroupMember member : view.members()) {
      if (!member.name().equals(view.self())) {
        try {
          group
              .network()
              .ask(member.name(), Map.of(DoorField.OPERATION, DoorField.RENEW), RENEW_WITHIN);
        } catch (InterruptedIOException stopped) {
          throw stopped;
        } catch (IOException e) {
          failed.append(' ').append(MemberName.id(member.name()));
        }
      }
    }
    group.renew();
    return failed.isEmpty()
        ? Answers.done()
        : Answers.waitFor("these have the old certificate still:" + failed);
  }
}

package baton.controller.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import baton.protocol.auth.Caller;
import baton.protocol.error.SlurmError;
import baton.protocol.message.MessageType;
import baton.protocol.net.Answer;
import baton.protocol.net.Request;
import baton.protocol.type.Gid;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Who is answered when, by a controller that may not be up to date. */
final class MemberGateTest {
  private final List<Duration> patience = new ArrayList<>();
  private CompletableFuture<Boolean> current = new CompletableFuture<>();
  private boolean configured = true;
  private boolean others = true;
  private int handled;

  @Test
  void aRequestWaitsUntilTheStateIsCurrent() {
    CompletionStage<Answer> answer = ask(MessageType.REQUEST_JOB_INFO);
    assertEquals(0, handled);
    assertFalse(answer.toCompletableFuture().isDone());
    current.complete(true);
    assertEquals(Answer.success(), answer.toCompletableFuture().join());
    assertEquals(1, handled);
  }

  @Test
  void aClientIsToldBeforeItGivesUp() {
    CompletionStage<Answer> unused = ask(MessageType.REQUEST_JOB_INFO);
    assertEquals(List.of(Duration.ofSeconds(6)), patience);
  }

  @Test
  void withoutAMajorityItIsAStandby() {
    current.complete(false);
    assertEquals(
        Answer.returnCode(SlurmError.ESLURM_IN_STANDBY_MODE),
        ask(MessageType.REQUEST_JOB_INFO).toCompletableFuture().join());
    configured = false;
    current = CompletableFuture.completedFuture(true);
    assertEquals(
        Answer.returnCode(SlurmError.ESLURM_IN_STANDBY_MODE),
        ask(MessageType.REQUEST_SUBMIT_BATCH_JOB).toCompletableFuture().join());
    assertEquals(0, handled);
  }

  @Test
  void theOnlyControllerSaysNothingRatherThanALastWord() {
    others = false;
    current.complete(false);
    assertEquals(
        Answer.none(), ask(MessageType.REQUEST_COMPLETE_BATCH_SCRIPT).toCompletableFuture().join());
  }

  @Test
  void whetherTheProcessLivesIsToldAtAnyTime() {
    assertEquals(Answer.success(), ask(MessageType.REQUEST_PING).toCompletableFuture().join());
    assertEquals(List.of(), patience);
  }

  private CompletionStage<Answer> ask(MessageType type) {
    MemberGate gate =
        new MemberGate(
            time -> {
              patience.add(time);
              return current;
            },
            () -> configured,
            () -> Duration.ofSeconds(10),
            () -> others,
            Runnable::run);
    Request request =
        new Request(
            Release.V22_05,
            type,
            null,
            new Caller(Uid.of(2001), Gid.of(2001), Optional.empty()),
            InetSocketAddress.createUnresolved("login", 1),
            Optional.empty(),
            0);
    return gate.pass(
        request,
        () -> {
          handled++;
          return CompletableFuture.completedStage(Answer.success());
        });
  }
}

package baton.controller.sim;

import baton.controller.apply.Reply;
import baton.controller.check.Auditor;
import baton.controller.command.Caller;
import baton.controller.command.Command;
import baton.controller.command.JobAllocationCompleted;
import baton.controller.command.JobChanges;
import baton.controller.command.RequeueJob;
import baton.controller.command.SignalJob;
import baton.controller.command.SubmitJob;
import baton.controller.command.UpdateJob;
import baton.controller.command.UpdateNodes;
import baton.controller.journal.JobText;
import baton.controller.model.JobRequest;
import baton.controller.model.NodeName;
import baton.controller.replication.Submission;
import baton.controller.sim.Network.Answered;
import baton.controller.sim.Timeline.Actor;
import baton.controller.snapshot.BlobStore;
import baton.protocol.net.Delivered;
import baton.protocol.net.SendFailure;
import baton.protocol.net.SendOutcome;
import baton.protocol.type.Bytes;
import baton.protocol.type.Gid;
import baton.protocol.type.JobId;
import baton.protocol.type.NoVal;
import baton.protocol.type.Release;
import baton.protocol.type.Uid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Those who submit, cancel, hold and change jobs, and remember what they were told. */
final class Users {
  private static final Caller ALICE = Caller.builder().uid(Uid.of(2001)).gid(Gid.of(2001)).build();
  private static final Caller ROOT =
      Caller.builder().uid(Uid.ROOT).gid(Gid.of(0)).operator(true).superUser(true).build();
  private static final String HOST = "10.0.1.1";
  private static final int FIRST_PORT = 40000;
  private static final int TRIES = 3;
  private static final long UNANSWERED = 15 * Timeline.SECOND;
  private static final int KILL = 9;

  private final ControllerMachine.World world;
  private final Auditor auditor;
  private final Chance chance;
  private final int host;
  private final Actor process = new Actor("users");
  private final List<Long> ids = new ArrayList<>();
  private final Set<Integer> waiting = new HashSet<>();
  private final Set<String> answered = new HashSet<>();
  private int submitted;

  /** {@code host} is their place in the network. */
  Users(ControllerMachine.World world, Chance chance, int host) {
    this.world = world;
    this.auditor = world.auditor();
    this.chance = chance;
    this.host = host;
  }

  /** Submits so many jobs within a time, and does something to them now and then. */
  void plan(int jobs, long within) {
    for (int i = 0; i < jobs; i++) {
      world.timeline().after(chance.between(0, within), process, this::submit);
      if (chance.perMille(600)) {
        world.timeline().after(chance.between(0, within + within / 3), process, this::meddle);
      }
    }
  }

  private void submit() {
    submitted++;
    boolean interactive = chance.perMille(120);
    boolean array = !interactive && chance.perMille(120);
    String token = (interactive ? "salloc" : "job") + submitted;
    int tasks = array ? chance.number(2, 4) : 1;
    byte[] script =
        JobText.ofScript(Script.text(chance.between(1, 80), chance.perMille(150) ? 1 : 0));
    byte[] environment = JobText.ofEnvironment(List.of("TOKEN=" + token));
    JobRequest.Builder request =
        JobRequest.builder()
            .name(token)
            .userId(Uid.of(2001))
            .groupId(Gid.of(2001))
            .workDir("/tmp")
            .minCpus(chance.number(1, world.shape().cores()))
            .memoryMiB(chance.between(50, 600))
            .timeLimitMinutes(chance.number(1, 2))
            .requeue(chance.perMille(700));
    if (interactive) {
      int port = FIRST_PORT + submitted;
      waiting.add(port);
      world.timeline().after(UNANSWERED, process, () -> unanswered(token, port));
      request
          .submitLine("salloc -n 1")
          .responseHost(HOST)
          .responsePort(port)
          .otherPort(port)
          .submitProtocolVersion(Release.V22_05.protocolVersion());
    } else {
      if (chance.perMille(150)) {
        request.minNodes(2).maxNodes(2).minCpus(2);
      }
      request
          .batch(true)
          .script(BlobStore.idOf(script))
          .environment(BlobStore.idOf(environment))
          .arrayIndexes(array ? "1-" + tasks : null)
          .priorityAsked(chance.perMille(100) ? 0 : NoVal.NO_VAL);
    }
    auditor.submitting(token, tasks);
    JobRequest asked = request.build();
    ask(
        controller -> {
          SubmitJob.Builder command =
              SubmitJob.builder().time(controller.now()).caller(ALICE).request(asked);
          if (!interactive) {
            command.script(Bytes.of(script)).environment(Bytes.of(environment));
          }
          return command.build();
        },
        1,
        reply -> accepted(token, interactive ? FIRST_PORT + submittedOf(token) : 0, reply));
  }

  private static int submittedOf(String token) {
    return Integer.parseInt(token.replaceAll("\\D", ""));
  }

  private void accepted(String token, int port, Reply reply) {
    if (!(reply instanceof Reply.JobAccepted job)) {
      world.trace().say("users:", token, "is answered", String.valueOf(reply));
      waiting.remove(port);
      return;
    }
    world.trace().say("users:", token, "is job", job.jobId());
    auditor.acknowledged(token, job.jobId().value());
    ids.add(job.jobId().value());
    answered.add(token);
    if (port != 0) {
      // a salloc that is killed while it waits or works
      if (chance.perMille(150)) {
        world
            .timeline()
            .after(chance.between(1, 60) * Timeline.SECOND, process, () -> waiting.remove(port));
      }
    }
  }

  /** A salloc that is not told whether it has a job gives up. */
  private void unanswered(String token, int port) {
    if (!answered.contains(token)) {
      waiting.remove(port);
    }
  }

  /**
   * Something comes to a client's port; called in the process of the users.
   *
   * @param granted the job that it is granted; 0 for another message
   */
  SendOutcome receive(int port, long granted) {
    if (!waiting.contains(port)) {
      return new SendFailure(SendFailure.Reason.REFUSED, "nobody listens");
    }
    if (granted != 0 && chance.perMille(950)) {
      long used = chance.between(1, 40) * Timeline.SECOND;
      world.timeline().after(used, process, () -> giveBack(granted, port, 20));
    }
    return new Delivered();
  }

  Actor process() {
    return process;
  }

  private void giveBack(long id, int port, int tries) {
    if (!waiting.contains(port)) {
      return;
    }
    ask(
        controller ->
            JobAllocationCompleted.builder()
                .time(controller.now())
                .caller(ALICE)
                .jobId(JobId.of(id))
                .build(),
        tries,
        reply -> waiting.remove(port));
  }

  private void meddle() {
    if (ids.isEmpty()) {
      return;
    }
    long id = chance.pick(ids);
    int kind = chance.number(0, 9);
    if (kind < 3) {
      auditor.cancelAsked(id);
      ask(controller -> cancel(controller, id), TRIES, reply -> {});
    } else if (kind < 6) {
      auditor.requeueAsked(id);
      ask(controller -> requeue(controller, id), 1, reply -> {});
    } else if (kind < 8) {
      long priority = chance.perMille(500) ? 0 : NoVal.INFINITE;
      ask(
          controller -> change(controller, id, JobChanges.builder().priority(priority)),
          TRIES,
          reply -> {});
    } else {
      ask(
          controller -> change(controller, id, JobChanges.builder().timeLimitMinutes(3)),
          TRIES,
          reply -> {});
    }
  }

  private static Command cancel(ControllerLife controller, long id) {
    return SignalJob.builder()
        .time(controller.now())
        .caller(ALICE)
        .jobId(JobId.of(id))
        .signal(KILL)
        .build();
  }

  private static Command requeue(ControllerLife controller, long id) {
    return RequeueJob.builder().time(controller.now()).caller(ALICE).jobId(JobId.of(id)).build();
  }

  private static Command change(ControllerLife controller, long id, JobChanges.Builder changes) {
    return UpdateJob.builder()
        .time(controller.now())
        .caller(ROOT)
        .jobId(JobId.of(id))
        .changes(changes.build())
        .build();
  }

  /** The administrator lets all jobs go and brings all nodes back. */
  void release(List<Long> held, List<String> nodes) {
    for (long id : held) {
      ask(
          controller -> change(controller, id, JobChanges.builder().priority(NoVal.INFINITE)),
          1,
          reply -> {});
    }
    if (!nodes.isEmpty()) {
      ask(
          controller ->
              UpdateNodes.builder()
                  .time(controller.now())
                  .caller(ROOT)
                  .nodes(nodes.stream().map(NodeName::of).toList())
                  .state(0x0100)
                  .build(),
          1,
          reply -> {});
    }
  }

  /** Asks a controller; when it does not answer, asks again, perhaps another. */
  private void ask(Function<ControllerLife, Command> command, int tries, Consumer<Reply> answered) {
    ControllerMachine machine = chance.pick(world.controllers());
    world
        .network()
        .<Reply>ask(
            host,
            process,
            machine.id(),
            machine::listener,
            answer -> handle(machine.life(), command, answer),
            outcome -> {
              if (outcome instanceof Answered.Told<Reply> told) {
                answered.accept(told.answer());
              } else if (tries > 1) {
                world
                    .timeline()
                    .after(2 * Timeline.SECOND, process, () -> ask(command, tries - 1, answered));
              }
            });
  }

  private void handle(
      ControllerLife controller, Function<ControllerLife, Command> command, Consumer<Reply> told) {
    if (controller.state().nodes().isEmpty()) {
      told.accept(null);
      return;
    }
    world
        .plant()
        .propose(controller, command.apply(controller))
        .thenAccept(
            submission ->
                told.accept(
                    submission instanceof Submission.Committed<Reply> committed
                        ? committed.reply()
                        : null));
  }
}

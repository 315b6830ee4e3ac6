package baton.controller.sim;

import baton.controller.dispatch.NodeChannel;
import baton.protocol.error.SlurmError;
import baton.protocol.message.KillJob;
import baton.protocol.message.MessageType;
import baton.protocol.message.ReturnCode;
import baton.protocol.net.Message;
import baton.protocol.net.NodeTarget;
import baton.protocol.net.Reply;
import baton.protocol.net.SendFailure;
import baton.protocol.net.SendFailure.Reason;
import baton.protocol.net.SendOutcome;
import baton.protocol.type.Release;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Bugs on the way to the nodes. */
final class ChannelPlants {
  private static final long BASE_STATE = 0xff;

  private ChannelPlants() {}

  /** Sends as production does, but for what it changes. */
  private abstract static class Wrapped implements NodeChannel {
    final NodeChannel sound;

    Wrapped(NodeChannel sound) {
      this.sound = sound;
    }

    @Override
    public void sendToAll(
        List<NodeTarget> nodes, Message message, BiConsumer<NodeTarget, SendOutcome> each) {
      nodes.forEach(node -> send(node, message, each));
    }
  }

  /** What ends a run that is queued again is not sent, and taken for done. */
  static final class LaunchNotFenced implements Plant {
    @Override
    public NodeChannel channel(NodeChannel sound, ControllerLife from) {
      return new Wrapped(sound) {
        @Override
        public void send(
            NodeTarget node, Message message, BiConsumer<NodeTarget, SendOutcome> told) {
          boolean again =
              message.type() == MessageType.REQUEST_TERMINATE_JOB
                  && (((KillJob) message.body()).jobState() & BASE_STATE) == 0;
          if (again) {
            from.after(0, () -> told.accept(node, done()));
          } else {
            sound.send(node, message, told);
          }
        }
      };
    }

    private static SendOutcome done() {
      long code = SlurmError.ESLURMD_KILL_JOB_ALREADY_COMPLETE.wireNumber();
      return new Reply(
          Release.V22_05,
          MessageType.RESPONSE_SLURM_RC,
          ReturnCode.builder().returnCode(code).build(),
          Optional.empty());
    }
  }

  static final class LostAnswerIsRefusal implements Plant {
    @Override
    public NodeChannel channel(NodeChannel sound, ControllerLife from) {
      return new Wrapped(sound) {
        @Override
        public void send(
            NodeTarget node, Message message, BiConsumer<NodeTarget, SendOutcome> told) {
          sound.send(
              node,
              message,
              (to, outcome) ->
                  told.accept(
                      to,
                      outcome instanceof SendFailure
                          ? new SendFailure(Reason.REFUSED, "as it seems")
                          : outcome));
        }
      };
    }
  }
}

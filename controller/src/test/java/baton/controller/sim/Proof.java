package baton.controller.sim;

import baton.controller.replication.ProvenLead;
import baton.controller.sim.Network.Answered;

/**
 * Proves that a controller leads, as ADR 0035 has it: a majority, asked now, is in no later term.
 */
final class Proof {
  private final ControllerLife life;
  private final ProvenLead provenLead;
  private boolean underWay;

  Proof(ControllerLife life) {
    this.life = life;
    this.provenLead = new ProvenLead(life.clock()::monotonicNanos, life.clock()::now);
  }

  /** Whether the lead was proven a moment ago; if not, {@code then} is run when it has been. */
  boolean isFresh(Runnable then) {
    RaftMember raft = life.raft();
    int size = life.machine().world().shape().controllers();
    if (!raft.leads() || size == 1) {
      return raft.leads();
    }
    boolean fresh = provenLead.isFresh(raft.term());
    if (!fresh && !underWay) {
      underWay = true;
      life.after(Timeline.SECOND, () -> underWay = false);
      prove(raft.term(), then, size);
    }
    return fresh;
  }

  private void prove(long term, Runnable then, int size) {
    ProvenLead.Asked asked = provenLead.ask();
    int[] agree = {1};
    ControllerMachine.World world = life.machine().world();
    for (ControllerMachine other : world.controllers()) {
      if (other != life.machine()) {
        world
            .network()
            .<Long>ask(
                life.machine().id(),
                life.process(),
                other.id(),
                other::listener,
                answer -> answer.accept(other.life().raft().term()),
                answered -> {
                  if (answered instanceof Answered.Told<Long> told
                      && told.answer() <= term
                      && ++agree[0] == size / 2 + 1) {
                    proven(term, asked);
                    then.run();
                  }
                });
      }
    }
  }

  private void proven(long term, ProvenLead.Asked asked) {
    underWay = false;
    if (life.raft().leads() && life.raft().term() == term) {
      provenLead.proven(term, asked);
    }
  }
}

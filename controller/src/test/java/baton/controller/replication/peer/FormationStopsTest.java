package baton.controller.replication.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Controllers that die while their group forms, at each of the writes that this takes, and are
 * started again: one group comes out of it, without a hand being laid on anything.
 */
@Execution(ExecutionMode.CONCURRENT)
final class FormationStopsTest {

  /** What is on disk when a controller dies; each goes further than the one before. */
  enum Stop {
    /** Its record is being written. */
    HALF_A_RECORD {
      @Override
      void leave(Sites sites, String id) throws Exception {
        Files.createDirectories(sites.data(id));
        Files.writeString(sites.data(id).resolve("member.tmp"), "format=");
      }
    },
    /** It has a place, and nothing else. */
    RECORD {
      @Override
      void leave(Sites sites, String id) throws Exception {
        sites.enter(id);
        sites.stop(id);
      }
    },
    /** Ratis is about to write its term for the first time. */
    DIRECTORY {
      @Override
      void leave(Sites sites, String id) throws Exception {
        RECORD.leave(sites, id);
        Files.createDirectories(sites.log(id));
        Files.writeString(sites.log(id).resolve("raft-meta.tmp"), "#");
      }
    },
    /** The term is there, the log is not. */
    TERM {
      @Override
      void leave(Sites sites, String id) throws Exception {
        RECORD.leave(sites, id);
        Files.createDirectories(sites.log(id));
        Files.writeString(sites.log(id).resolve("raft-meta"), "term=0\nvotedFor=\n");
      }
    },
    /** The log is there, with half of its first entry. */
    HALF_AN_ENTRY {
      @Override
      void leave(Sites sites, String id) throws Exception {
        TERM.leave(sites, id);
        byte[] segment = new byte[4 << 20];
        // an entry of 32 bytes, of which there is its first
        byte[] begun = "RaftLog1 \b".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(begun, 0, segment, 0, begun.length);
        Files.write(sites.log(id).resolve("log_inprogress_0"), segment);
      }
    },
    /** Its replica ran, and it had not asked for anything. */
    REPLICA {
      @Override
      void leave(Sites sites, String id) throws Exception {
        sites.enter(id);
        sites.startReplica(id);
        sites.stop(id);
      }
    };

    /** Leaves a controller's directory as it is then. */
    abstract void leave(Sites sites, String id) throws Exception;
  }

  @TempDir private Path directory;
  private Sites sites;

  @BeforeEach
  void choosePorts() throws Exception {
    sites = new Sites(directory, List.of("a", "b", "c", "d"));
  }

  @AfterEach
  void stop() throws Exception {
    sites.stopAll();
  }

  @ParameterizedTest
  @EnumSource
  void theFounderDies(Stop stop) throws Exception {
    sites.meanwhile(List.of("b", "c"), () -> stop.leave(sites, "a"));
    sites.startAll();
    sites.awaitOneGroup();
  }

  @ParameterizedTest
  @EnumSource
  void oneThatJoinsDies(Stop stop) throws Exception {
    sites.meanwhile(
        List.of("c"),
        () -> {
          sites.start("a", List.of("b"));
          stop.leave(sites, "b");
        });
    sites.startAll();
    sites.awaitOneGroup();
  }

  /** The founder that takes it in dies as well, and knows nothing of it any more. */
  @ParameterizedTest
  @EnumSource(names = {"RECORD", "REPLICA"})
  void bothDie(Stop stop) throws Exception {
    sites.meanwhile(
        List.of("c"),
        () -> {
          sites.start("a", List.of("b"));
          stop.leave(sites, "b");
        });
    sites.stop("a");
    sites.startAll();
    sites.awaitOneGroup();
  }

  @Test
  void itDiesBeforeItKnowsThatItIsAMember() throws Exception {
    sites.startAll();
    byte[] before = sites.recordBeforeAdmission("b");
    sites.awaitOneGroup();
    sites.stop("b");
    assertTrue(!Arrays.equals(before, Files.readAllBytes(sites.record("b"))));
    Files.write(sites.record("b"), before);
    sites.propose("while b is away");
    sites.start("b");
    sites.awaitOneGroup();
  }

  @Test
  void allDieAgainAndAgain() throws Exception {
    for (Stop stop : List.of(Stop.RECORD, Stop.REPLICA)) {
      sites.meanwhile(List.of("b", "c"), () -> stop.leave(sites, "a"));
    }
    for (String id : List.of("b", "c")) {
      sites.start("a");
      Stop.RECORD.leave(sites, id);
      sites.stop("a");
    }
    sites.startAll();
    sites.awaitOneGroup();
  }

  /** A token is good at any leader, whoever issued it. */
  @Test
  void whoIssuedATokenDies() throws Exception {
    sites.startAll();
    sites.awaitOneGroup();
    String token = sites.add("d").get(DoorField.TOKEN);
    sites.restartAll();
    sites.start("d", token);
    sites.awaitOneGroup();
  }

  /** Who was to be taken in must be named again, and that is what it is told. */
  @Test
  void whoLetItInForgets() throws Exception {
    sites.startAll();
    sites.awaitOneGroup();
    sites.enter("d", sites.add("d").get(DoorField.TOKEN));
    sites.stop("d");
    sites.restartAll();
    sites.awaitOneGroup();
    MemberIdentity d = MemberIdentity.load(sites.data("d")).orElseThrow();
    DoorWire told = sites.askToBeAdmitted(d);
    assertEquals(DoorField.WAIT, told.get(DoorField.OUTCOME));
    assertTrue(told.get(DoorField.WHY).contains("baton cluster add d " + d.address()));
    assertEquals(DoorField.DONE, sites.add("d").get(DoorField.OUTCOME));
    sites.startKnown("d");
    sites.awaitOneGroup();
  }

  /** Its machine comes back with nothing: that is another member, and the first is in the way. */
  @Test
  void aMemberThatCameBackEmptyIsTold() throws Exception {
    sites.startAll();
    sites.awaitOneGroup();
    sites.stop("c");
    sites.empty("c");
    GroupRefused refused = assertInstanceOf(GroupRefused.class, sites.failureOfEntering("c"));
    assertTrue(refused.getMessage().contains("baton cluster remove c"), refused.getMessage());
    assertEquals(
        DoorField.DONE,
        sites
            .ask(Map.of(DoorField.OPERATION, DoorField.REMOVE, DoorField.ID, "c"))
            .get(DoorField.OUTCOME));
    sites.start("c");
    sites.awaitOneGroup();
    assertEquals(Optional.of(3), sites.members());
  }
}

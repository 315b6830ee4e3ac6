package baton.controller.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcessFaultHandlerTest {

  @Test
  void aFatalFaultEndsTheProcessAndAReportedOneIsCounted() {
    List<Integer> exits = new ArrayList<>();
    ProcessFaultHandler handler = new ProcessFaultHandler(exits::add);
    handler.report("something small", new IllegalStateException("for the test"));
    assertEquals(1, handler.reported());
    assertEquals(List.of(), exits);
    handler.fatal("something wrong", new IllegalStateException("for the test"));
    assertEquals(List.of(ProcessFaultHandler.EXIT_CODE), exits);
  }
}

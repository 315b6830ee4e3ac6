package baton.protocol.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendQueueTest {
  @Test
  void someRunSomeWaitAndMoreAreRefused() {
    List<Integer> started = new ArrayList<>();
    SendQueue queue = new SendQueue(2, 2);
    for (int i = 0; i < 4; i++) {
      int number = i;
      assertTrue(queue.offer(() -> started.add(number)));
    }
    assertFalse(queue.offer(() -> started.add(4)));
    assertEquals(List.of(0, 1), started);
    assertEquals(2, queue.waiting());

    queue.finished();
    assertEquals(List.of(0, 1, 2), started);
    queue.finished();
    queue.finished();
    queue.finished();
    assertEquals(List.of(0, 1, 2, 3), started);
    assertEquals(0, queue.running());
    assertTrue(queue.offer(() -> started.add(5)));
  }
}

package baton.controller.replication.peer;

import java.lang.reflect.Proxy;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;

/** A server that must not be asked anything but its name. */
record UnusedRaftServer(String name) {
  RaftServer proxy() {
    return (RaftServer)
        Proxy.newProxyInstance(
            RaftServer.class.getClassLoader(),
            new Class<?>[] {RaftServer.class},
            (self, method, arguments) -> {
              if (method.getName().equals("getId")) {
                return RaftPeerId.valueOf(name);
              }
              throw new AssertionError(method + " is called");
            });
  }
}

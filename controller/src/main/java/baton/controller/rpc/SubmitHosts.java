package baton.controller.rpc;

import baton.protocol.net.Request;
import baton.protocol.type.Release;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names of the hosts that jobs are submitted from, by the address in the sender's credential.
 * Looking a name up may take long, so each address is looked up once, off the network threads. Any
 * thread.
 */
final class SubmitHosts {
  private static final int MAX_KEPT = 4096;

  private final Map<InetAddress, String> names = new ConcurrentHashMap<>();

  /** The host's name without its domain, or its address if it has no name. */
  CompletionStage<String> of(Request request) {
    InetAddress peer = request.peer().getAddress();
    InetAddress address = request.caller().host().orElse(peer);
    // What munge tells of a host that finds its own name at loopback is of no use to anybody.
    if (address.isLoopbackAddress() && request.release().atLeast(Release.V23_11)) {
      address = peer;
    }
    String known = names.get(address);
    if (known != null) {
      return CompletableFuture.completedStage(known);
    }
    InetAddress asked = address;
    return CompletableFuture.supplyAsync(() -> lookUp(asked));
  }

  private String lookUp(InetAddress address) {
    String name = address.getHostName();
    if (names.size() >= MAX_KEPT) {
      names.clear();
    }
    String brief = name.equals(address.getHostAddress()) ? name : withoutDomain(name);
    names.put(address, brief);
    return brief;
  }

  private static String withoutDomain(String name) {
    int dot = name.indexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}

package baton.controller.scheduler.select;

import baton.controller.lifecycle.NodeLifecycle;
import baton.controller.model.Allocation;
import baton.controller.model.Job;
import baton.controller.model.JobReason;
import baton.controller.model.JobRequest;
import baton.controller.model.Node;
import baton.controller.model.NodeAllocation;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.protocol.type.HostList;
import baton.protocol.type.HostListException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Chooses nodes and cores for one job out of what is free now. */
public final class Selection {
  private Selection() {}

  /**
   * What was found.
   *
   * @param allocation what the job can have now; null if it must wait
   * @param reason why it waits; null if it need not
   * @param text detail of the reason; null for none
   */
  public record Answer(Allocation allocation, JobReason reason, String text) {}

  public static Answer choose(Pool pool, Job job, Partition partition) {
    JobRequest request = job.request();
    HostList required = hosts(request.requiredNodes());
    HostList excluded = hosts(request.excludedNodes());
    List<NodeOffer> offers = new ArrayList<>();
    List<String> unavailable = new ArrayList<>();
    for (NodeName name : partition.members()) {
      Node node = pool.node(name);
      if (node == null || excluded.contains(name.value())) {
        continue;
      }
      if (!NodeLifecycle.isAvailable(node)) {
        if (required.contains(name.value())) {
          unavailable.add(name.value());
        }
        continue;
      }
      if (Features.match(request.features(), node)) {
        NodeOffer offer = NodeOffer.of(pool, node, request, partition);
        if (offer != null) {
          offers.add(offer);
        }
      }
    }
    if (!unavailable.isEmpty()) {
      String down = HostList.of(unavailable).ranged();
      return new Answer(
          null, JobReason.NODE_NOT_AVAILABLE, "ReqNodeNotAvail, UnavailableNodes:" + down);
    }
    Allocation allocation = allocate(pool, request, partition, offers, required);
    return allocation == null
        ? new Answer(null, JobReason.RESOURCES, null)
        : new Answer(allocation, null, null);
  }

  private static Allocation allocate(
      Pool pool,
      JobRequest request,
      Partition partition,
      List<NodeOffer> offers,
      HostList required) {
    long mostNodes = Math.min(partition.maxNodes(), mostNodes(request));
    long leastNodes = Math.max(1, Math.max(request.minNodes(), partition.minNodes()));
    List<NodeOffer> chosen = pick(pool, request, offers, required, leastNodes, mostNodes);
    if (chosen == null) {
      return null;
    }
    chosen.sort(Comparator.comparingInt(offer -> pool.orderOf(offer.node().name())));
    boolean whole = NodeOffer.isExclusive(pool, request, partition);
    List<NodeAllocation> shares = new ArrayList<>();
    long wanted = request.overcommit() ? chosen.size() : request.minCpus();
    for (int i = 0; i < chosen.size(); i++) {
      NodeOffer offer = chosen.get(i);
      // Every later node gets at least one CPU; the earlier ones are filled.
      long reserved = (long) (chosen.size() - i - 1) * Math.max(1, request.minCpusPerNode());
      long cpus = Math.max(request.minCpusPerNode(), wanted - reserved);
      int taken = (int) Math.min(offer.usableCpus(), Math.max(1, cpus));
      if (request.tasksPerNode() > 0 && !request.overcommit()) {
        taken = offer.usableCpus();
      }
      shares.add(offer.give(pool, request, taken, whole));
      wanted -= taken;
    }
    if (wanted > 0 && !request.overcommit()) {
      return null;
    }
    int wholeNode =
        whole ? 1 : request.shareMode() == 2 || request.shareMode() == 3 ? request.shareMode() : 0;
    return Allocation.builder()
        .nodes(shares)
        .wholeNode(wholeNode)
        .memoryPerCpu(request.memoryPerCpu())
        .oversubscribed(NodeOffer.sharesCores(request, partition))
        .build();
  }

  private static long mostNodes(JobRequest request) {
    return request.maxNodes() == 0 ? Long.MAX_VALUE : request.maxNodes();
  }

  /** The required nodes, then the lightest and first ones until the request is met. */
  private static List<NodeOffer> pick(
      Pool pool,
      JobRequest request,
      List<NodeOffer> offers,
      HostList required,
      long leastNodes,
      long mostNodes) {
    List<NodeOffer> order = new ArrayList<>(offers);
    order.sort(
        Comparator.<NodeOffer>comparingInt(
                offer -> required.contains(offer.node().name().value()) ? 0 : 1)
            .thenComparingLong(offer -> offer.node().weight())
            .thenComparingInt(offer -> pool.orderOf(offer.node().name())));
    long wantedCpus = request.overcommit() ? 0 : request.minCpus();
    NodeOffer alone = leastNodes == 1 && required.isEmpty() ? fits(order, wantedCpus) : null;
    if (alone != null) {
      return new ArrayList<>(List.of(alone));
    }
    List<NodeOffer> chosen = new ArrayList<>();
    long cpus = 0;
    int requiredFound = 0;
    for (NodeOffer offer : order) {
      boolean isRequired = required.contains(offer.node().name().value());
      boolean enough = chosen.size() >= leastNodes && cpus >= wantedCpus;
      if (!isRequired && (enough || chosen.size() >= mostNodes)) {
        break;
      }
      chosen.add(offer);
      cpus += offer.usableCpus();
      requiredFound += isRequired ? 1 : 0;
    }
    boolean met =
        requiredFound == required.size()
            && chosen.size() >= leastNodes
            && chosen.size() <= Math.max(mostNodes, required.size())
            && cpus >= wantedCpus;
    return met ? chosen : null;
  }

  /** The first of the lightest nodes that holds the whole job. */
  private static NodeOffer fits(List<NodeOffer> order, long wantedCpus) {
    for (NodeOffer offer : order) {
      if (offer.usableCpus() >= wantedCpus) {
        return offer;
      }
    }
    return null;
  }

  private static HostList hosts(String expression) {
    if (expression == null) {
      return HostList.empty();
    }
    try {
      return HostList.parse(expression).unique();
    } catch (HostListException broken) {
      throw new IllegalStateException("accepted a job with the host list " + expression, broken);
    }
  }
}

package baton.protocol.net;

import baton.protocol.message.MessageHeader;
import baton.protocol.type.HostList;
import java.time.Duration;
import java.util.List;

/**
 * Asks the receiving node to pass a message on.
 *
 * @param nodes names of the other nodes, in order; not empty
 * @param treeWidth branches at each level, at least 1
 * @param treeDepth levels below the sender
 * @param timeout what the header tells the nodes to wait
 */
record ForwardSection(List<String> nodes, int treeWidth, int treeDepth, Duration timeout) {
  void into(MessageHeader.Builder header) {
    header
        .forwardCount(nodes.size())
        .forwardNodeList(HostList.of(nodes).ranged())
        .forwardTimeoutMillis(timeout.toMillis())
        .treeWidth(treeWidth)
        .treeDepth(treeDepth);
  }
}

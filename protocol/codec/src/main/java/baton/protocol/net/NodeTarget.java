package baton.protocol.net;

import baton.protocol.type.Release;
import java.net.InetSocketAddress;

/**
 * A node that a message goes to.
 *
 * @param name its NodeName, by which other nodes find it in their slurm.conf
 * @param address where its slurmd listens, resolved
 * @param release what it registered with
 * @param findable whether other nodes can look it up: not so for cloud and dynamic nodes, which are
 *     sent to directly
 */
public record NodeTarget(
    String name, InetSocketAddress address, Release release, boolean findable) {}

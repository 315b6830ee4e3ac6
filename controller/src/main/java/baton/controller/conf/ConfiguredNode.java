package baton.controller.conf;

/**
 * One node of a NodeName line.
 *
 * @param name NodeName, by which all else calls it
 * @param hostname NodeHostname
 * @param address NodeAddr: where its slurmd listens
 * @param broadcastAddress BcastAddr; may be null
 * @param port of its slurmd, 1 to 65535
 * @param line what its line says about all its nodes
 */
public record ConfiguredNode(
    String name,
    String hostname,
    String address,
    String broadcastAddress,
    int port,
    NodeLine line) {}

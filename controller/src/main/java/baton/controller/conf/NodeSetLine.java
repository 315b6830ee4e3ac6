package baton.controller.conf;

/**
 * A NodeSet line: a name for nodes, to be used in Nodes= of partitions.
 *
 * @param name NodeSet
 * @param feature nodes that have this feature belong; may be null
 * @param nodes these nodes belong; may be null
 * @param line where it stands
 */
record NodeSetLine(String name, String feature, String nodes, ConfLine line) {}

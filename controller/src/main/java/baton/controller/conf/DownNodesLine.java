package baton.controller.conf;

import java.util.List;

/**
 * A DownNodes line: nodes that begin in another state than their NodeName line says.
 *
 * @param nodes their names
 * @param state State; DOWN if not given
 * @param reason Reason
 */
public record DownNodesLine(List<String> nodes, ConfiguredNodeState state, String reason) {}

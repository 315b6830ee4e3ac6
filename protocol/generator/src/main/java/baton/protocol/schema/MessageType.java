package baton.protocol.schema;

import java.util.List;
import java.util.Map;

/**
 * One line of a table of message types.
 *
 * @param layouts by the releases in which they are the body; none for an empty body
 * @param from who sends it, empty if not given
 * @param to who receives it, empty if not given
 * @param privilege who may send it, empty if not given
 */
public record MessageType(
    String type,
    String file,
    int number,
    ReleaseSet releases,
    Map<ReleaseSet, String> layouts,
    String from,
    String to,
    List<String> replies,
    String privilege,
    String doc) {}

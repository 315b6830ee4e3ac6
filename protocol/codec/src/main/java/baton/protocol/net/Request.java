package baton.protocol.net;

import baton.protocol.auth.Caller;
import baton.protocol.message.MessageType;
import baton.protocol.type.Release;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A message that came in, its credential verified and its body decoded.
 *
 * @param release what the peer speaks, and what the answer is encoded in
 * @param type the message type
 * @param body the record of that type's layout, null for an empty body; its contents are claims
 * @param caller who sent it, as the credential proves
 * @param peer where the connection comes from
 * @param origin where the message started, when it was forwarded; a claim of the header
 * @param flags the flags of the header
 */
public record Request(
    Release release,
    MessageType type,
    Object body,
    Caller caller,
    InetSocketAddress peer,
    Optional<InetSocketAddress> origin,
    int flags) {}

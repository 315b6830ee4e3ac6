package baton.protocol.auth;

import baton.protocol.type.Gid;
import baton.protocol.type.Uid;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Who sent a message, as its verified credential says; never what the body claims.
 *
 * @param uid the user
 * @param gid the user's primary group
 * @param host where the credential was made, when the credential tells; not proven
 */
public record Caller(Uid uid, Gid gid, Optional<InetAddress> host) {}

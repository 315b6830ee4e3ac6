package baton.controller.replication;

/**
 * A member as the leader sees it, or as any other member knows it.
 *
 * @param name its name in the group, never used for another
 * @param address where other members reach it, as {@code host:port}; empty when unknown
 * @param matched the index up to which its log is known to hold the leader's; -1 when unknown
 * @param heardMillisAgo when it was last heard of; -1 when unknown
 */
public record GroupMember(String name, String address, long matched, long heardMillisAgo) {}

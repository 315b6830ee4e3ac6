package baton.protocol.net;

import baton.protocol.message.MessageType;
import java.util.Optional;

/**
 * One gathered answer in the header of a reply to a forwarded message.
 *
 * @param nodeName the node that it is from
 * @param errorCode Slurm's number for why the node gave none, 0 when it answered
 * @param type the type of the answer; empty when the node gave none
 * @param body the record of that type's layout, null for an empty body
 */
record ReturnItem(String nodeName, long errorCode, Optional<MessageType> type, Object body) {}

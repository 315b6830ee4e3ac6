package baton.controller.replication.peer;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.RaftException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * What a member asks of the one that leads, as bytes. Request: client (16), group (16), call (u64),
 * type (u8), message. Reply: outcome (u8), message or a sentence.
 */
final class ClientWire {
  private static final int UUID_BYTES = 16;
  private static final int REQUEST_HEAD_BYTES = 2 * UUID_BYTES + Long.BYTES + 1;

  private enum Type {
    WRITE(0),
    READ(1),
    STALE_READ(2);

    private final int code;

    Type(int code) {
      this.code = code;
    }

    static Type of(int code) throws IOException {
      for (Type type : values()) {
        if (type.code == code) {
          return type;
        }
      }
      throw new IOException("a request of type " + code);
    }
  }

  private enum Outcome {
    DONE(0),
    NOT_LEADER(1),
    NOT_READY(2),
    BUSY(3),
    FAILED(4),
    /** The leader's state machine did not let it into the log. */
    NOT_LOGGED(5);

    private final int code;

    Outcome(int code) {
      this.code = code;
    }

    static Outcome of(int code) throws IOException {
      for (Outcome outcome : values()) {
        if (outcome.code == code) {
          return outcome;
        }
      }
      throw new IOException("a reply of kind " + code);
    }
  }

  private ClientWire() {}

  static byte[] encode(RaftClientRequest request) {
    ByteString content = request.getMessage().getContent();
    ByteBuffer out = ByteBuffer.allocate(REQUEST_HEAD_BYTES + content.size());
    put(out, request.getClientId().toByteString());
    put(out, request.getRaftGroupId().toByteString());
    out.putLong(request.getCallId());
    Type type =
        request.is(org.apache.ratis.proto.RaftProtos.RaftClientRequestProto.TypeCase.WRITE)
            ? Type.WRITE
            : request.is(org.apache.ratis.proto.RaftProtos.RaftClientRequestProto.TypeCase.READ)
                ? Type.READ
                : Type.STALE_READ;
    out.put((byte) type.code);
    content.copyTo(out);
    return out.array();
  }

  private static void put(ByteBuffer out, ByteString uuid) {
    uuid.copyTo(out);
  }

  /**
   * @param self the member that is asked
   * @throws IOException when it is none
   */
  static RaftClientRequest request(byte[] body, RaftPeerId self) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(body);
    try {
      ClientId client = ClientId.valueOf(uuid(in));
      RaftGroupId group = RaftGroupId.valueOf(uuid(in));
      long call = in.getLong();
      Type type = Type.of(in.get());
      return RaftClientRequest.newBuilder()
          .setClientId(client)
          .setServerId(self)
          .setGroupId(group)
          .setCallId(call)
          .setType(type(type))
          .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(in)))
          .build();
    } catch (BufferUnderflowException e) {
      throw new IOException("a request of " + body.length + " bytes", e);
    }
  }

  private static RaftClientRequest.Type type(Type type) {
    return switch (type) {
      case WRITE -> RaftClientRequest.writeRequestType();
      case READ -> RaftClientRequest.readRequestType();
      case STALE_READ -> RaftClientRequest.staleReadRequestType(0);
    };
  }

  private static UUID uuid(ByteBuffer in) {
    return new UUID(in.getLong(), in.getLong());
  }

  static byte[] encode(RaftClientReply reply) {
    RaftException failure = reply.getException();
    if (failure == null && reply.isSuccess()) {
      ByteString content =
          reply.getMessage() == null ? ByteString.EMPTY : reply.getMessage().getContent();
      return ByteBuffer.allocate(1 + content.size())
          .put((byte) Outcome.DONE.code)
          .put(content.asReadOnlyByteBuffer())
          .array();
    }
    byte[] why = String.valueOf(failure).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + why.length).put((byte) outcome(failure).code).put(why).array();
  }

  private static Outcome outcome(RaftException failure) {
    if (failure instanceof NotLeaderException) {
      return Outcome.NOT_LEADER;
    }
    if (failure instanceof LeaderNotReadyException) {
      return Outcome.NOT_READY;
    }
    if (failure instanceof StateMachineException) {
      return Outcome.NOT_LOGGED;
    }
    return failure instanceof ResourceUnavailableException ? Outcome.BUSY : Outcome.FAILED;
  }

  /**
   * @param request what was asked
   * @throws IOException when these are not the bytes of a reply
   */
  static RaftClientReply reply(byte[] body, RaftClientRequest request) throws IOException {
    if (body.length == 0) {
      throw new IOException("an empty reply");
    }
    Outcome outcome = Outcome.of(body[0]);
    ByteBuffer rest = ByteBuffer.wrap(body, 1, body.length - 1);
    RaftGroupMemberId member =
        RaftGroupMemberId.valueOf(request.getServerId(), request.getRaftGroupId());
    String why = new String(body, 1, body.length - 1, StandardCharsets.UTF_8);
    RaftClientReply.Builder reply = RaftClientReply.newBuilder().setRequest(request);
    return switch (outcome) {
      case DONE ->
          reply
              .setSuccess(true)
              .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(rest)))
              .build();
      case NOT_LEADER -> reply.setException(new NotLeaderException(member, null, null)).build();
      case NOT_READY -> reply.setException(new LeaderNotReadyException(member)).build();
      case BUSY -> reply.setException(new ResourceUnavailableException(why)).build();
      case FAILED -> reply.setException(new RaftException(why)).build();
      case NOT_LOGGED -> reply.setException(new StateMachineException(why)).build();
    };
  }
}

package baton.controller.dispatch;

import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.controller.model.Step;
import baton.protocol.buffer.WireWriter;
import baton.protocol.message.Identity;
import baton.protocol.message.JobCredential;
import baton.protocol.message.JobCredentialBody;
import baton.protocol.message.SbcastCredential;
import baton.protocol.message.StepId;
import baton.protocol.type.Bytes;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import baton.protocol.wire.JobCredentialBodyCodec;
import baton.protocol.wire.SbcastCredentialCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The credentials that users carry to nodes themselves: srun's for its step, sbcast's for its
 * files. Any thread; nothing here blocks but the executor's thread.
 */
public final class StepCredentials {
  /** An unsigned string of the layout's end: four bytes of length, all 0. */
  private static final int EMPTY_STRING_BYTES = 4;

  private final IdentitySource identities;
  private final CredentialSigner signer;
  private final Executor background;

  /**
   * @param background where users are looked up whom the job's record does not describe
   */
  public StepCredentials(IdentitySource identities, CredentialSigner signer, Executor background) {
    this.identities = identities;
    this.signer = signer;
    this.background = background;
  }

  /** The credential of a step in the release that its nodes are spoken to in. */
  public CompletionStage<Optional<JobCredential>> ofStep(
      ClusterState state, Job job, Step step, Release release) {
    return identity(job)
        .thenCompose(
            identity -> {
              JobCredentialBody body = Credentials.step(state, job, step, identity, release);
              Bytes bytes = bytes(out -> JobCredentialBodyCodec.encode(body, out, release));
              return signer
                  .sign(bytes)
                  .thenApply(
                      signature ->
                          signature.map(
                              text -> JobCredential.builder().body(body).signature(text).build()));
            });
  }

  /**
   * The credential to copy files to nodes of a job.
   *
   * @param stepId the step; the job's next if none is meant
   * @param nodes where to
   */
  public CompletionStage<Optional<SbcastCredential>> ofBroadcast(
      Job job, long stepId, String nodes, Instant now, Release release) {
    return identity(job)
        .thenCompose(
            identity -> {
              SbcastCredential unsigned =
                  SbcastCredential.builder()
                      .stepId(StepId.builder().jobId(job.id()).stepId(stepId).build())
                      .identity(identity)
                      .creationTime(now.getEpochSecond())
                      .expirationTime(Credentials.seconds(job.endTime()))
                      .jobId(job.id())
                      .hetJobId(JobId.of(0))
                      .stepNumber(stepId)
                      .userId(identity.userId())
                      .groupId(identity.groupId())
                      .userName(identity.userName())
                      .groupIds(identity.groupIds())
                      .nodeList(nodes)
                      .build();
              Bytes all = bytes(out -> SbcastCredentialCodec.encode(unsigned, out, release));
              byte[] certified = new byte[all.length() - EMPTY_STRING_BYTES];
              System.arraycopy(all.toByteArray(), 0, certified, 0, certified.length);
              return signer
                  .sign(Bytes.owning(certified))
                  .thenApply(
                      signature ->
                          signature.map(text -> unsigned.toBuilder().signature(text).build()));
            });
  }

  private CompletionStage<Identity> identity(Job job) {
    return IdentityText.parse(
            job.request().identity(), job.request().userId(), job.request().groupId())
        .<CompletionStage<Identity>>map(CompletableFuture::completedStage)
        .orElseGet(
            () -> CompletableFuture.supplyAsync(() -> identities.of(job.request()), background));
  }

  private static Bytes bytes(Consumer<WireWriter> layout) {
    ByteBuf buffer = Unpooled.buffer();
    try {
      layout.accept(new WireWriter(buffer));
      return Bytes.owning(ByteBufUtil.getBytes(buffer));
    } finally {
      buffer.release();
    }
  }
}

package baton.protocol.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import baton.protocol.buffer.WireReader;
import baton.protocol.message.JobDescription;
import baton.protocol.message.MessageType;
import baton.protocol.type.Bytes;
import baton.protocol.type.Release;
import baton.protocol.wire.MessageCodec;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BatchJobsTest {
  private static final Path WRAPPED =
      Path.of("src/test/golden/22.05/REQUEST_SUBMIT_BATCH_JOB/05-sbatch-for-cancel.json");

  @Test
  void describesAJobAsSbatchDid() throws Exception {
    String hex = new ObjectMapper().readTree(WRAPPED.toFile()).path("bodyHex").asText();
    JobDescription recorded =
        (JobDescription)
            MessageCodec.decodeBody(
                MessageType.REQUEST_SUBMIT_BATCH_JOB,
                new WireReader(Unpooled.wrappedBuffer(Bytes.ofHex(hex).asByteBuffer())),
                Release.V22_05);
    JobDescription ours =
        BatchJobs.asSbatchDoes(recorded.script(), recorded.workDir(), recorded.userId().value())
            .allocSid(recorded.allocSid())
            .environment(recorded.environment())
            .submitLine(recorded.submitLine())
            .build();
    assertEquals(recorded, ours);
  }
}

package baton.controller.journal;

import baton.controller.journal.wire.ClusterConfigCodec;
import baton.controller.journal.wire.ClusterFactsCodec;
import baton.controller.journal.wire.CrontabCodec;
import baton.controller.journal.wire.EffectCodec;
import baton.controller.journal.wire.JobCodec;
import baton.controller.journal.wire.NodeCodec;
import baton.controller.journal.wire.PartitionCodec;
import baton.controller.journal.wire.StepCodec;
import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterFacts;
import baton.controller.model.ClusterState;
import baton.controller.model.Crontab;
import baton.controller.model.Effect;
import baton.controller.model.EffectId;
import baton.controller.model.Job;
import baton.controller.model.Node;
import baton.controller.model.NodeName;
import baton.controller.model.Partition;
import baton.controller.model.PartitionName;
import baton.controller.model.Step;
import baton.controller.model.StepKey;
import baton.controller.model.collection.SortedTable;
import baton.protocol.buffer.WireException;
import baton.protocol.buffer.WireReader;
import baton.protocol.buffer.WireWriter;
import baton.protocol.type.JobId;
import baton.protocol.type.Uid;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;

/**
 * The cluster's state in a snapshot, big-endian: u16 {@link Format}, then records of u8 kind, u32
 * length and a layout of src/main/schema/model, each table in the order of its keys, and at the end
 * kind 0. What is derived is not written. Equal states give equal bytes.
 */
public final class StateCodec {
  private static final int END = 0;
  private static final int CONFIG = 1;
  private static final int FACTS = 2;
  private static final int JOB = 3;
  private static final int NODE = 4;
  private static final int PARTITION = 5;
  private static final int EFFECT = 6;
  private static final int STEP = 7;
  private static final int CRONTAB = 8;

  private static final int MAX_RECORD_BYTES = 256 << 20;

  private StateCodec() {}

  /** Writes a state, without closing {@code out}. */
  public static void write(ClusterState state, OutputStream out) throws IOException {
    Format format = Format.current();
    DataOutputStream data = new DataOutputStream(out);
    data.writeShort(format.number());
    RecordWriter records = new RecordWriter(data);
    try {
      records.add(CONFIG, to -> ClusterConfigCodec.encode(state.config(), to, format));
      records.add(FACTS, to -> ClusterFactsCodec.encode(state.facts(), to, format));
      for (Job job : state.jobs().values()) {
        records.add(JOB, to -> JobCodec.encode(job, to, format));
      }
      for (Node node : state.nodes().values()) {
        records.add(NODE, to -> NodeCodec.encode(node, to, format));
      }
      for (Partition partition : state.partitions().values()) {
        records.add(PARTITION, to -> PartitionCodec.encode(partition, to, format));
      }
      for (Effect effect : state.effects().values()) {
        records.add(EFFECT, to -> EffectCodec.encode(effect, to, format));
      }
      for (Step step : state.steps().values()) {
        records.add(STEP, to -> StepCodec.encode(step, to, format));
      }
      for (Crontab crontab : state.crontabs().values()) {
        records.add(CRONTAB, to -> CrontabCodec.encode(crontab, to, format));
      }
    } finally {
      records.release();
    }
    data.writeByte(END);
    data.flush();
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException when the bytes are not a state
   */
  public static ClusterState read(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int number = data.readUnsignedShort();
    Format format =
        Format.of(number)
            .orElseThrow(() -> new IOException("a state of format " + number + ", unknown here"));
    Tables tables = new Tables();
    for (int kind = data.readUnsignedByte(); kind != END; kind = data.readUnsignedByte()) {
      int length = data.readInt();
      if (length < 0 || length > MAX_RECORD_BYTES) {
        throw new IOException("a record of " + Integer.toUnsignedString(length) + " bytes");
      }
      byte[] bytes = data.readNBytes(length);
      if (bytes.length < length) {
        throw new IOException("a record is cut short");
      }
      try {
        WireReader from = new WireReader(Unpooled.wrappedBuffer(bytes));
        tables.add(kind, from, format);
        from.expectEnd("record");
      } catch (WireException malformed) {
        throw new IOException("a record of kind " + kind, malformed);
      }
    }
    return tables.toState();
  }

  /** Collects the records of a snapshot. */
  private static final class Tables {
    private ClusterConfig config;
    private ClusterFacts facts;
    private final Map<JobId, Job> jobs = new TreeMap<>();
    private final Map<NodeName, Node> nodes = new TreeMap<>();
    private final Map<PartitionName, Partition> partitions = new TreeMap<>();
    private final Map<EffectId, Effect> effects = new TreeMap<>();
    private final Map<StepKey, Step> steps = new TreeMap<>();
    private final Map<Uid, Crontab> crontabs = new TreeMap<>();

    void add(int kind, WireReader from, Format format) throws IOException {
      switch (kind) {
        case CONFIG -> config = ClusterConfigCodec.decode(from, format);
        case FACTS -> facts = ClusterFactsCodec.decode(from, format);
        case JOB -> {
          Job job = JobCodec.decode(from, format);
          jobs.put(job.id(), job);
        }
        case NODE -> {
          Node node = NodeCodec.decode(from, format);
          nodes.put(node.name(), node);
        }
        case PARTITION -> {
          Partition partition = PartitionCodec.decode(from, format);
          partitions.put(partition.name(), partition);
        }
        case EFFECT -> {
          Effect effect = EffectCodec.decode(from, format);
          effects.put(effect.id(), effect);
        }
        case STEP -> {
          Step step = StepCodec.decode(from, format);
          steps.put(StepKey.of(step), step);
        }
        case CRONTAB -> {
          Crontab crontab = CrontabCodec.decode(from, format);
          crontabs.put(crontab.userId(), crontab);
        }
        default -> throw new IOException("a record of kind " + kind + ", unknown here");
      }
    }

    ClusterState toState() throws IOException {
      if (config == null || facts == null) {
        throw new IOException("a state without configuration or facts");
      }
      return ClusterState.of(
          config,
          facts,
          SortedTable.copyOf(jobs),
          SortedTable.copyOf(nodes),
          SortedTable.copyOf(partitions),
          SortedTable.copyOf(effects),
          SortedTable.copyOf(steps),
          SortedTable.copyOf(crontabs));
    }
  }

  /** Encodes one record after the other through one buffer. */
  private static final class RecordWriter {
    private final DataOutputStream data;
    private final ByteBuf buffer = Unpooled.buffer(4096);

    RecordWriter(DataOutputStream data) {
      this.data = data;
    }

    void add(int kind, Encoding encoding) throws IOException {
      buffer.clear();
      encoding.accept(new WireWriter(buffer));
      data.writeByte(kind);
      data.writeInt(buffer.readableBytes());
      buffer.readBytes(data, buffer.readableBytes());
    }

    void release() {
      buffer.release();
    }
  }

  /** Writes one value. */
  @FunctionalInterface
  private interface Encoding {
    void accept(WireWriter out);
  }
}

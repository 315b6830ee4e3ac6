package baton.importer.map;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import baton.controller.apply.StateMachine;
import baton.controller.command.Configure;
import baton.controller.conf.ClusterConfigs;
import baton.controller.conf.ConfOutcome;
import baton.controller.conf.SlurmConf;
import baton.controller.model.BlobId;
import baton.controller.model.ClusterConfig;
import baton.controller.model.ClusterState;
import baton.controller.model.Job;
import baton.importer.Fixture;
import baton.importer.read.StateDirectory;
import baton.importer.read.StateFile;
import baton.importer.state.Fault;
import baton.importer.state.StateFormats;
import baton.protocol.state.JobStateHeader;
import baton.protocol.state.NodeStateHeader;
import baton.protocol.state.PartitionStateHeader;
import baton.protocol.state.SavedJob;
import baton.protocol.state.SavedNode;
import baton.protocol.state.SavedPartition;
import baton.protocol.type.JobId;
import baton.protocol.type.Release;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The saved state of a fixture, and what the import makes of it. */
record ImportedFixture(
    ClusterState configured,
    ClusterState state,
    List<Fault> faults,
    List<Fault> changes,
    StateFile<NodeStateHeader, SavedNode> nodes,
    StateFile<PartitionStateHeader, SavedPartition> partitions,
    StateFile<JobStateHeader, SavedJob> jobs) {

  static ImportedFixture of(String release) {
    StateDirectory directory = StateDirectory.open(Fixture.of(release)).orElseThrow();
    StateFile<NodeStateHeader, SavedNode> nodes = directory.read(StateFormats.NODES);
    StateFile<PartitionStateHeader, SavedPartition> partitions =
        directory.read(StateFormats.PARTITIONS);
    StateFile<JobStateHeader, SavedJob> jobs = directory.read(StateFormats.JOBS);
    JobStateHeader header = jobs.header().orElseThrow();
    ClusterState configured = configured(directory.release(), header.savedAt());
    StateImport taken = new StateImport(configured);
    nodes.records().forEach(taken::accept);
    partitions.records().forEach(taken::accept);
    StateImport.Jobs mapper = taken.jobs(header, Map.of(1L, "normal"), ImportedFixture::blobs);
    jobs.records().forEach(mapper::accept);
    return new ImportedFixture(
        configured, taken.end(header), taken.faults(), taken.changes(), nodes, partitions, jobs);
  }

  private static JobImport.Blobs blobs(JobId owner) {
    String digits = String.format("%064x", owner.value());
    return new JobImport.Blobs(BlobId.of(digits), BlobId.of(digits));
  }

  private static ClusterState configured(Release release, long savedAt) {
    SlurmConf.Host host = new SlurmConf.Host("ctl", name -> OptionalLong.of(64030));
    ConfOutcome.Loaded loaded =
        assertInstanceOf(
            ConfOutcome.Loaded.class,
            SlurmConf.load(Fixture.ROOT.resolve("slurm.conf"), release, host));
    ClusterConfig config = ClusterConfigs.of(loaded.conf(), groups -> List.of(2001L));
    Configure configure =
        Configure.builder().time(Instant.ofEpochSecond(savedAt)).config(config).start(true).build();
    return StateMachine.apply(ClusterState.empty(), configure).next();
  }

  /** The job of that name. */
  Job job(String name) {
    return state.jobs().values().stream()
        .filter(job -> name.equals(job.request().name()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no job " + name));
  }

  SavedJob saved(Job job) {
    return jobs.records().stream()
        .filter(saved -> saved.jobId().equals(job.id()))
        .findFirst()
        .orElseThrow();
  }
}

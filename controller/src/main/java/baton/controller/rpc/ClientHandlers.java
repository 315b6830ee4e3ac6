package baton.controller.rpc;

/**
 * All messages of clients: commands such as sbatch, squeue, scontrol, scancel and sinfo, and
 * whoever speaks as they do.
 */
public final class ClientHandlers {
  private final RpcContext context;

  public ClientHandlers(RpcContext context) {
    this.context = context;
  }

  /** Adds them to the table. */
  public void register(HandlerTable.Builder table) {
    new JobReads(context).register(table);
    new NodeReads(context).register(table);
    new ClusterReads(context).register(table);
    new JobWrites(context).register(table);
    new AllocationRequests(context).register(table);
    new JobLifeWrites(context).register(table);
    new HetJobRequests(context).register(table);
    new CrontabRequests(context).register(table);
    new ClusterWrites(context).register(table);
    new JobDetailReads(context).register(table);
    new WillRunReads(context).register(table);
    new Unconfigured(context).register(table);
    new KillJobsHandler(context).register(table);
    new PartitionWrites(context).register(table);
    new Tuning(context).register(table);
    new Refusals(context).register(table);
  }
}

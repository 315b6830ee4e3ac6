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
    new ClusterReads().register(table);
  }
}

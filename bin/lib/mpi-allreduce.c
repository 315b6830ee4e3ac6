/* Run by `mpi`: each rank adds up all ranks' numbers and says which it is, where, and what came out. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
  int rank = -1, size = -1, length = 0, code = argc > 1 ? atoi(argv[1]) : 0;
  long number, sum = 0;
  char host[MPI_MAX_PROCESSOR_NAME];

  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  MPI_Get_processor_name(host, &length);
  number = rank + 1;
  MPI_Allreduce(&number, &sum, 1, MPI_LONG, MPI_SUM, MPI_COMM_WORLD);
  printf("rank %d of %d on %s: sum %ld\n", rank, size, host, sum);
  fflush(stdout);
  MPI_Barrier(MPI_COMM_WORLD);
  MPI_Finalize();
  return rank == size - 1 ? code : 0;
}

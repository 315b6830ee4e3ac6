/**
 * A load client for benchmarks and drills: submits jobs and asks for the queue as real clients do,
 * many at a time from one process, where starting an sbatch for each would measure fork and exec.
 * Started by {@code bin/lib/load}; part of the tests, so that it ships nowhere.
 */
package baton.protocol.load;
